import type { ContainerStatus, Pod } from '../../api/builtin.ts';
import { annotations, labels } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { hasFailedByItself } from './disruption.ts';

/** Where a pod of the pool stands, from worst to best. A pod is in exactly one of these. */
export type ReplicaPhase =
  /** Its deletion has begun; the name is taken until the node confirms. */
  | 'terminating'
  /** Failed or Succeeded: its containers will not run again. */
  | 'finished'
  /** Its node has been away for longer than the grace. */
  | 'lost'
  /** Not bound to a node yet. */
  | 'pending'
  /** Bound, not ready. */
  | 'starting'
  /** Ready, not yet for minReadySeconds. */
  | 'ready'
  | 'available';

/** One pod of a pool, read once. */
export interface Replica {
  readonly pod: Immutable<Pod>;
  /** The ComputeCluster in which the pod is. */
  readonly cluster: string;
  /** The GPU model that Headframe chose for it; undefined when the scheduler alone found its node. */
  readonly placedOn: string | undefined;
  readonly ordinal: number;
  readonly phase: ReplicaPhase;
  /** Name of the ControllerRevision it was made from. */
  readonly revision: string;
  /** An update made it above the wanted number. */
  readonly surge: boolean;
  /** A container waits in CrashLoopBackOff, or the pod has failed by itself. */
  readonly failing: boolean;
  /** Milliseconds since 1970 at which the phase changes by itself (a grace or minReadySeconds ends), if it does. */
  readonly changesAt: number | undefined;
}

/** What decides a replica's phase besides the pod itself. */
export interface ReplicaRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly minReadySeconds: number;
  readonly nodeLostGraceSeconds: number;
  /** Since when the named node has been away (not ready, or no such node), in milliseconds since 1970; undefined while it is there. */
  readonly awaySince: (node: string) => number | undefined;
  readonly cluster: string;
}

/** `<pool>-<ordinal>`: the name of the pod of an ordinal. */
export function podName(pool: string, ordinal: number): string {
  return `${pool}-${ordinal}`;
}

/** The pool's name and the ordinal in a pod's name; undefined when the name has no such form. */
export function parsePodName(name: string): { pool: string; ordinal: number } | undefined {
  const match = /^(.+)-(0|[1-9]\d{0,9})$/.exec(name);
  return match?.[1] === undefined ? undefined : { pool: match[1], ordinal: Number(match[2]) };
}

/** Reads one pod of the pool. */
export function readReplica(pod: Immutable<Pod>, rules: ReplicaRules): Replica | undefined {
  const facts = factsOf(pod);
  if (facts === undefined) {
    return undefined;
  }
  return { pod, cluster: rules.cluster, ...facts, ...phaseOf(pod, rules) };
}

type Facts = Pick<Replica, 'ordinal' | 'revision' | 'surge' | 'failing' | 'placedOn'>;

/** A pod of a cache never changes, and each pass over a pool looks at all its pods. */
const knownFacts = new WeakMap<Immutable<Pod>, Facts>();

/** What the pod alone says. Undefined when its name is none of a pool's pod. */
function factsOf(pod: Immutable<Pod>): Facts | undefined {
  const known = knownFacts.get(pod);
  if (known !== undefined) {
    return known;
  }
  const ordinal = parsePodName(pod.metadata.name)?.ordinal;
  if (ordinal === undefined) {
    return undefined;
  }
  const facts = {
    ordinal,
    revision: pod.metadata.labels?.[labels.revision] ?? '',
    surge: pod.metadata.annotations?.[annotations.surge] === 'true',
    placedOn: pod.metadata.annotations?.[annotations.gpuModel],
    failing: hasFailedByItself(pod) || containers(pod).some(isCrashLooping),
  };
  knownFacts.set(pod, facts);
  return facts;
}

/** Whether the pod's place can count on it: it exists and is not on its way out. */
export function isAlive(replica: Replica): boolean {
  return replica.phase !== 'terminating' && replica.phase !== 'finished' && replica.phase !== 'lost';
}

/** Whether the pod serves: ready, for minReadySeconds or not yet. */
export function isReadyPhase(replica: Replica): boolean {
  return replica.phase === 'ready' || replica.phase === 'available';
}

/** How many times in a row this ordinal had failed when the pod was made. */
export function restartAttempt(pod: Immutable<Pod>): number {
  const text = pod.metadata.annotations?.[annotations.restartAttempt] ?? '0';
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** When the last container ended, and how long it had run, in milliseconds. The pod's creation stands in for missing times. */
export function endOf(pod: Immutable<Pod>): { at: number; ranMs: number } {
  const created = Date.parse(pod.metadata.creationTimestamp);
  const ends = containers(pod).flatMap(({ state }) => state?.terminated ?? []);
  const at = Math.max(created, ...times(ends.map(({ finishedAt }) => finishedAt)));
  const started = Math.max(created, ...times(ends.map(({ startedAt }) => startedAt)));
  return { at, ranMs: Math.max(0, at - started) };
}

/** Those that are times: a container whose end nobody saw has `null`. */
function times(texts: readonly (string | null | undefined)[]): number[] {
  return texts.map((text) => Date.parse(text ?? '')).filter((time) => !Number.isNaN(time));
}

type Phase = Pick<Replica, 'phase' | 'changesAt'>;

function phaseOf(pod: Immutable<Pod>, rules: ReplicaRules): Phase {
  const grace = nodeGrace(pod, rules);
  if (grace?.over === true) {
    return lasting.lost;
  }
  const changesAt = grace?.endsAt;
  if (pod.metadata.deletionTimestamp !== undefined) {
    return { phase: 'terminating', changesAt };
  }
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') {
    return lasting.finished;
  }
  if (pod.spec.nodeName === undefined) {
    return lasting.pending;
  }
  // A node that is away cannot say that its pods are not ready any more.
  return grace === undefined ? readiness(pod, rules) : { phase: 'starting', changesAt };
}

/** Phases that end only when the pod or its node changes. */
const lasting = {
  lost: { phase: 'lost', changesAt: undefined },
  finished: { phase: 'finished', changesAt: undefined },
  pending: { phase: 'pending', changesAt: undefined },
  starting: { phase: 'starting', changesAt: undefined },
  available: { phase: 'available', changesAt: undefined },
} as const;

/** How far the grace of the pod's node has run; undefined when the pod has no node or the node is ready. */
function nodeGrace(pod: Immutable<Pod>, rules: ReplicaRules): { over: boolean; endsAt: number } | undefined {
  if (pod.spec.nodeName === undefined) {
    return undefined;
  }
  const since = rules.awaySince(pod.spec.nodeName);
  if (since === undefined) {
    return undefined;
  }
  const endsAt = since + rules.nodeLostGraceSeconds * 1000;
  return { over: rules.now >= endsAt, endsAt };
}

function readiness(pod: Immutable<Pod>, rules: ReplicaRules): Phase {
  const ready = pod.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True') {
    return lasting.starting;
  }
  if (rules.minReadySeconds === 0) {
    return lasting.available;
  }
  const since = Date.parse(ready.lastTransitionTime ?? pod.metadata.creationTimestamp);
  const availableAt = since + rules.minReadySeconds * 1000;
  return rules.now >= availableAt ? lasting.available : { phase: 'ready', changesAt: availableAt };
}

function isCrashLooping(container: Immutable<ContainerStatus>): boolean {
  return container.state?.waiting?.reason === 'CrashLoopBackOff';
}

function containers(pod: Immutable<Pod>): readonly Immutable<ContainerStatus>[] {
  return [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
}
