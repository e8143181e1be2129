import type { Node, Pod } from '../../../api/builtin.ts';
import type { Namespace } from '../../../api/namespace.ts';
import { keyOf, type Immutable } from '../../../api/kube-object.ts';
import type { KubeClient } from '../../../kube/client.ts';
import type { Change, Informer } from '../../../kube/informer.ts';
import type { Transport } from '../../../kube/transport.ts';
import type { Logger } from '../../../telemetry/logger.ts';
import type { Clock, Timer } from '../../../time/clock.ts';
import type { EventWriter } from '../event-writer.ts';
import { podBinder } from './binder.ts';
import { clusterState, podDemand, type PodDemand } from './cluster-state.ts';
import { failureMemo } from './failure-memo.ts';
import { failureReport } from './failure-report.ts';
import { podQueue } from './pod-queue.ts';
import { countsTheSame, hasEnded, isSameToScheduler, minds, wantsNode } from './relevance.ts';
import { schedule } from './schedule.ts';
import { schedulingSpec } from './scheduling-spec.ts';

export interface SchedulerOptions {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly namespaces: Informer<Namespace>;
  readonly transport: Transport;
  readonly client: KubeClient;
  readonly events: EventWriter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Ends everything; nothing is bound after it. */
  readonly signal: AbortSignal;
}

/** Gives pods their nodes. */
export interface Scheduler {
  /** To be called when the informers are synced: before that, nodes would look emptier than they are. */
  start(): void;
  /** Resolves, after the signal, when what is under way has ended. */
  settled(): Promise<void>;
}

/** How long pods are placed before whatever else is ready may run. */
const SLICE_MS = 8;
/** More bindings under way would only wait in the connection pool. */
const MAX_BINDINGS = 64;

/** Registers its handlers at once: call before the informers start. Preempts nobody. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { pods, nodes, namespaces, client, events, clock, log, signal } = options;
  const state = clusterState();
  const queue = podQueue();
  const memo = failureMemo(state);
  const binder = podBinder(options);
  const failures = failureReport({
    client,
    clock,
    events,
    onError: (error) => log.warn('cannot report an unschedulable pod', { error }),
  });
  /** UIDs of pods that are counted on a node although the watch has not yet said so. */
  const assumed = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let bindings = 0;
  let started = false;
  let due = false;
  let timer: Timer | undefined;

  const namespaceLabels = (name: string): Readonly<Record<string, string>> =>
    namespaces.store.get(name)?.metadata.labels ?? {};

  /** Runs the next slice soon; many calls make one slice. */
  function soon(): void {
    if (started && !due && !signal.aborted) {
      due = true;
      setImmediate(slice);
    }
  }

  function wake(may: (pod: Immutable<Pod>) => boolean): void {
    queue.wake(may);
    soon();
  }

  function slice(): void {
    due = false;
    timer?.cancel();
    if (signal.aborted) {
      return;
    }
    const now = clock.monotonic();
    const next = queue.advance(now);
    timer = next === undefined ? undefined : clock.after(next - now, soon);
    while (queue.ready > 0 && bindings < MAX_BINDINGS) {
      if (clock.monotonic() - now > SLICE_MS) {
        soon();
        return;
      }
      const pod = queue.next();
      if (pod !== undefined) {
        attempt(pod);
      }
    }
  }

  function attempt(pod: Immutable<Pod>): void {
    try {
      const demand = podDemand(pod);
      const verdict = memo.find(demand) ?? schedule(demand, state, namespaceLabels);
      if ('node' in verdict) {
        assume(pod, demand, verdict.node);
        return;
      }
      memo.remember(demand, verdict);
      queue.park(pod, clock.monotonic());
      track(failures.report(pod, verdict.failure));
    } catch (error) {
      // A pod that cannot be understood must not stop the others.
      log.error('cannot schedule a pod', { pod: keyOf(pod), error });
      queue.park(pod, clock.monotonic());
    }
  }

  function assume(pod: Immutable<Pod>, demand: PodDemand, node: string): void {
    state.place(demand, node);
    assumed.add(demand.uid);
    bindings++;
    track(bind(pod, node));
  }

  async function bind(pod: Immutable<Pod>, node: string): Promise<void> {
    const { uid } = pod.metadata;
    const outcome = await binder.bind(pod, node);
    bindings--;
    if (outcome === 'bound') {
      failures.forget(uid);
      const note = `Successfully assigned ${keyOf(pod)} to ${node}`;
      events.write(pod, { type: 'Normal', reason: 'Scheduled', action: 'Binding', note });
    } else if (assumed.delete(uid)) {
      state.remove(uid);
      requeue(pod, outcome);
    }
    soon();
  }

  function requeue(pod: Immutable<Pod>, outcome: 'gone' | 'unbound'): void {
    const current = pods.store.get(keyOf(pod));
    if (outcome === 'unbound' && current?.metadata.uid === pod.metadata.uid && wantsNode(current)) {
      queue.park(current, clock.monotonic());
      wake((waiting) => waiting.metadata.uid === current.metadata.uid);
    }
    wake(() => true);
  }

  function track(work: Promise<void>): void {
    const tracked: Promise<void> = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  }

  function podChanged(change: Change<Pod>): void {
    const pod = change.object;
    const { uid } = pod.metadata;
    if (change.type === 'deleted' || hasEnded(pod)) {
      leave(uid);
    } else if (pod.spec.nodeName !== undefined && pod.spec.nodeName !== '') {
      count(pod, pod.spec.nodeName, change.type === 'updated' ? change.previous : undefined);
    } else if (!wantsNode(pod)) {
      queue.remove(uid);
    } else if (!assumed.has(uid)) {
      queue.add(pod);
      soon();
    }
  }

  function leave(uid: string): void {
    assumed.delete(uid);
    failures.forget(uid);
    queue.remove(uid);
    if (state.nodeOf(uid) !== undefined) {
      state.remove(uid);
      wake(() => true);
    }
  }

  /** A bound pod: perhaps one that was assumed there, perhaps one that others have bound. */
  function count(pod: Immutable<Pod>, node: string, previous: Immutable<Pod> | undefined): void {
    const { uid } = pod.metadata;
    const known = state.nodeOf(uid) === node;
    assumed.delete(uid);
    queue.remove(uid);
    failures.forget(uid);
    if (known && previous?.spec.nodeName === node && countsTheSame(previous, pod)) {
      return;
    }
    state.place(podDemand(pod), node);
    wake(({ spec }) => minds(spec));
  }

  function nodeChanged(change: Change<Node>): void {
    if (change.type === 'updated' && isSameToScheduler(change.previous, change.object)) {
      return;
    }
    if (change.type === 'deleted') {
      state.removeNode(change.object.metadata.name);
    } else {
      state.setNode(change.object);
    }
    wake(() => true);
  }

  pods.onChange(podChanged);
  nodes.onChange(nodeChanged);
  namespaces.onChange((change) => {
    if (change.type === 'updated') {
      memo.clear();
      wake((pod) => schedulingSpec(pod).affinity !== undefined);
    }
  });

  return {
    start() {
      started = true;
      soon();
    },
    async settled() {
      timer?.cancel();
      await Promise.all(underWay);
    },
  };
}
