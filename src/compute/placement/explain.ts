import { objectionToLine } from './line-filters.ts';
import { microUsdPerV100eHour } from './offer.ts';
import type { ClusterExplanation, Explanation, LineExplanation } from './plan.ts';
import type { Question } from './question.ts';
import { refusalOf, summaryOf } from './refusal.ts';
import type { ClusterRoom, LineRoom } from './room.ts';
import { selectorProblem } from './selector-problem.ts';

/** Why each cluster takes further replicas or does not, as the plan has left it. */
export function explain(clusters: readonly ClusterRoom[], question: Question): Explanation {
  const explained = clusters.map((cluster) => explainCluster(cluster, question));
  const problem = selectorProblem(
    question.request.clusterSelector,
    clusters.map(({ offer }) => offer),
  );
  return {
    summary: summaryOf(
      explained.map(({ refusal }) => refusal),
      problem,
    ),
    clusters: explained,
  };
}

function explainCluster(cluster: ClusterRoom, question: Question): ClusterExplanation {
  const refusal = refusalOf(cluster, question);
  return {
    cluster: cluster.offer.name,
    standing: cluster.replicas - cluster.taken,
    placed: cluster.taken,
    ...(refusal !== undefined && { refusal }),
    lines: cluster.lines.map((room) => explainLine(room, cluster, question)),
  };
}

function explainLine(room: LineRoom, cluster: ClusterRoom, question: Question): LineExplanation {
  const { line, fits, taken } = room;
  const { model, product, microUsdPerGpuHour } = line;
  const perV100eHour = microUsdPerV100eHour(line);
  const refusal = objectionToLine(room, question, cluster)?.reason;
  return {
    model,
    product,
    fits,
    placed: taken,
    ...(microUsdPerGpuHour !== undefined && { microUsdPerGpuHour }),
    ...(perV100eHour < Infinity && { microUsdPerV100eHour: perV100eHour }),
    ...(refusal !== undefined && { refusal }),
  };
}
