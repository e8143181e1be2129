import type { Immutable } from '../../api/kube-object.ts';
import {
  type FailingNode,
  MOST_QUARANTINED,
  type Quarantine,
  type QuarantinedNode,
} from '../../api/quarantine.ts';
import type { NodeFailure } from './failures.ts';

/** What is decided from: the terms, what stands in the status, and what is seen now. */
export interface QuarantineGrounds {
  readonly terms: Immutable<Quarantine>;
  readonly quarantine: readonly Immutable<QuarantinedNode>[];
  readonly nodeFailures: readonly Immutable<FailingNode>[];
  /** In no particular order; what was told before may be told again. */
  readonly failures: readonly NodeFailure[];
}

/** The quarantine as it is now, for the status. */
export interface QuarantineFinding {
  readonly quarantine: QuarantinedNode[];
  readonly nodeFailures: FailingNode[];
  /** Nodes that are left out from now on. */
  readonly entered: readonly QuarantinedNode[];
  /** Nodes that are tried again from now on. */
  readonly released: readonly QuarantinedNode[];
  /** When the next one is tried again, in milliseconds since 1970. */
  readonly nextAt: number | undefined;
}

type Entry = Immutable<QuarantinedNode>;
type Failing = Immutable<FailingNode>['failures'];

/**
 * Which nodes are left out. One on which enough has failed within the window is, for a time that doubles with each quarantine; when it
 * is over the node is tried again and starts with nothing against it. What fails during a quarantine does not count. Pure.
 * @param now milliseconds since 1970
 */
export function quarantineOf(grounds: QuarantineGrounds, now: number): QuarantineFinding {
  const { terms, failures } = grounds;
  if (terms.failures === 0) {
    return {
      quarantine: [],
      nodeFailures: [],
      entered: [],
      released: grounds.quarantine.filter(({ stage }) => stage === 'LeftOut'),
      nextAt: undefined,
    };
  }
  const entries = new Map<string, Entry>(grounds.quarantine.map((entry) => [entry.node, entry]));
  const known = new Map(grounds.nodeFailures.map(({ node, failures: of }) => [node, of]));
  const names = [
    ...new Set([...entries.keys(), ...known.keys(), ...failures.map(({ node }) => node)]),
  ].sort();
  const judged = names.map((node) =>
    judge(
      {
        node,
        entry: remembered(entries.get(node), terms, now),
        known: known.get(node) ?? [],
        seen: failures.filter((failure) => failure.node === node),
      },
      terms,
      now,
    ),
  );
  const quarantine = mostRecent(
    judged.flatMap(({ entry }) => entry ?? []),
    ({ endTime }) => endTime,
  );
  return {
    quarantine,
    nodeFailures: mostRecent(
      judged.flatMap(({ failing, node }) => (failing.length === 0 ? [] : [{ node, failures: failing }])),
      (one) => one.failures.at(-1)?.failureTime ?? '',
    ),
    entered: judged.flatMap(({ entry, change }) =>
      entry !== undefined && change === 'entered' ? [entry] : [],
    ),
    released: judged.flatMap(({ entry, change }) =>
      entry !== undefined && change === 'released' ? [entry] : [],
    ),
    nextAt: earliest(quarantine.map(({ endTime }) => Date.parse(endTime)).filter((end) => end > now)),
  };
}

/** All that is known of a node. */
interface Case {
  readonly node: string;
  readonly entry: Entry | undefined;
  readonly known: Failing;
  readonly seen: readonly NodeFailure[];
}

interface Judgement {
  readonly node: string;
  readonly entry: QuarantinedNode | undefined;
  readonly failing: FailingNode['failures'];
  readonly change: 'entered' | 'released' | undefined;
}

function judge({ node, entry, known, seen }: Case, terms: Immutable<Quarantine>, now: number): Judgement {
  if (entry !== undefined && now < Date.parse(entry.endTime)) {
    return { node, entry, failing: [], change: undefined };
  }
  const over = entry?.stage === 'LeftOut';
  const free = entry === undefined ? undefined : { ...entry, stage: 'OnTrial' as const };
  const after = Math.max(
    now - terms.windowSeconds * 1000,
    entry === undefined ? -Infinity : Date.parse(entry.endTime),
  );
  const failing = [...known, ...seen.map(asEntry)]
    .filter((failure, index, all) => all.findIndex(({ id }) => id === failure.id) === index)
    .filter(({ failureTime }) => Date.parse(failureTime) > after)
    .sort((a, b) => (a.failureTime < b.failureTime ? -1 : a.failureTime > b.failureTime ? 1 : 0))
    .map((failure) => ({ ...failure }));
  const begunAfter = {
    once: Infinity,
    enough: after,
    standing: entry === undefined ? -Infinity : Date.parse(entry.startTime),
  };
  const alone = seen.find(({ counts, at }) => at > begunAfter[counts]);
  const reason =
    alone?.what ?? (failing.length >= terms.failures ? summary(failing.slice(-terms.failures)) : undefined);
  return reason === undefined
    ? { node, entry: free, failing: failing.slice(-terms.failures), change: over ? 'released' : undefined }
    : { node, entry: leftOut({ node, entry, reason }, terms, now), failing: [], change: 'entered' };
}

function leftOut(
  { node, entry, reason }: Pick<Case, 'node' | 'entry'> & { readonly reason: string },
  { firstSeconds, maxSeconds }: Immutable<Quarantine>,
  now: number,
): QuarantinedNode {
  const times = (entry?.times ?? 0) + 1;
  const seconds = Math.min(maxSeconds, firstSeconds * 2 ** (times - 1));
  return {
    node,
    stage: 'LeftOut',
    startTime: wholeSeconds(now),
    endTime: wholeSeconds(now + seconds * 1000),
    times,
    reason: reason.slice(0, 256),
  };
}

/** A node that has been good for long enough has never been left out. */
function remembered(
  entry: Entry | undefined,
  { maxSeconds }: Immutable<Quarantine>,
  now: number,
): Entry | undefined {
  return entry !== undefined && now < Date.parse(entry.endTime) + maxSeconds * 1000 ? entry : undefined;
}

function asEntry({ id, at, what }: NodeFailure): FailingNode['failures'][number] {
  return { id, failureTime: wholeSeconds(at), what };
}

/** `2 x UnexpectedAdmissionError, XID 79`. */
function summary(failing: Failing): string {
  const counts = new Map<string, number>();
  for (const { what } of failing) {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => (count === 1 ? what : `${count} x ${what}`)).join(', ');
}

/** As many as the status has room for, in the order that they have. */
function mostRecent<Item>(items: readonly Item[], time: (item: Item) => string): Item[] {
  if (items.length <= MOST_QUARANTINED) {
    return [...items];
  }
  const kept = new Set(items.toSorted((a, b) => (time(a) < time(b) ? 1 : -1)).slice(0, MOST_QUARANTINED));
  return items.filter((item) => kept.has(item));
}

function earliest(times: readonly number[]): number | undefined {
  return times.length === 0 ? undefined : times.reduce((a, b) => Math.min(a, b));
}

/** RFC 3339 in whole seconds, as metav1.Time is written. */
function wholeSeconds(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
