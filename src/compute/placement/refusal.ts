import { objectionToCluster } from './cluster-filters.ts';
import { hasNone, objectionToLine } from './line-filters.ts';
import type { Question } from './question.ts';
import type { ClusterRoom } from './room.ts';

/**
 * Why the cluster takes no replica, in one reason: what is against the cluster itself, else against the line that got furthest
 * through the filters. Undefined when a line takes replicas.
 */
export function refusalOf(cluster: ClusterRoom, question: Question): string | undefined {
  const ofCluster = objectionToCluster(cluster.offer, question.request);
  if (ofCluster !== undefined) {
    return ofCluster.reason;
  }
  let telling = { reason: hasNone(question), filter: -1 };
  for (const room of cluster.lines) {
    const objection = objectionToLine(room, question, cluster);
    if (objection === undefined) {
      return undefined;
    }
    telling = objection.filter > telling.filter ? objection : telling;
  }
  return telling.reason;
}

/**
 * Counts reasons, as in `0/3 clusters: 1 price above cap 2.50 USD, 1 unreachable, 1 has no NVIDIA-A100`: the most frequent one
 * first, of equally frequent ones the one that comes first.
 * @param refusals one a cluster; undefined for a cluster that takes replicas
 * @param problem what the selector asks for that there is not, if anything: it comes last
 */
export function summaryOf(refusals: readonly (string | undefined)[], problem?: string): string {
  const counts = new Map<string, number>();
  for (const refusal of refusals) {
    if (refusal !== undefined) {
      counts.set(refusal, (counts.get(refusal) ?? 0) + 1);
    }
  }
  const reasons = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) => `${count} ${count === 1 ? reason : inPlural(reason)}`)
    .join(', ');
  const willing = refusals.filter((refusal) => refusal === undefined).length;
  const head = `${willing}/${refusals.length} ${refusals.length === 1 ? 'cluster' : 'clusters'}`;
  const details = [reasons, problem ?? ''].filter((text) => text !== '').join('; ');
  return details === '' ? head : `${head}: ${details}`;
}

/** Of a reason that begins with what one cluster does. */
function inPlural(reason: string): string {
  return reason.replace(/^has /, 'have ').replace(/^refuses /, 'refuse ');
}
