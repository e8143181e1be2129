import type { Node, Pod } from '../../api/builtin.ts';
import { findCondition } from '../../api/conditions.ts';
import { type Immutable, controllerOf, joinKey, keyOf } from '../../api/kube-object.ts';
import { MinerPools } from '../../api/miner-pool.ts';
import { type Controller, after, done } from '../../controller/controller.ts';
import type { Change } from '../../kube/informer.ts';
import { mapped, owned, primary } from '../../controller/watch-sources.ts';
import { holdsResources } from '../../compute/pod-gpus.ts';
import { BY_OWNER, type Caches } from '../caches.ts';
import { createNodeUsages } from '../fleet/node-usages.ts';
import { type ActParts, act } from './act.ts';
import { decide } from './decide.ts';
import { nodeAbsence } from '../fleet/node-absence.ts';
import { observe } from './observe.ts';
import { parsePodName } from './replica.ts';

/** What the controller is built from. */
export interface MinerPoolParts extends ActParts {
  readonly caches: Caches;
}

/** Changes of nodes come in bursts and most change nothing for a pool: they are gathered this long. */
const NODE_DELAY_MS = 500;

/** GPUs are taken and freed in bursts, too, and concern every pool that waits for some. */
const SUPPLY_DELAY_MS = 1000;

/**
 * That pods are bound, start and become ready is told in the status, and comes by the thousand while a pool fills: it is gathered this
 * long, so that telling it does not cost the API server more than the pods do. What asks for another pod is never held back.
 */
const PROGRESS_DELAY_MS = 500;

/** The event of our own status write wakes nobody, so the cache is looked at again this soon. */
const ECHO_MS = 20;

/** Turns MinerPools into pods. Several pools are worked on at the same time, since most of the time is waiting for the API server. */
export function minerPoolController(parts: MinerPoolParts): Controller {
  const { caches, clock, expectations, ownWrites, pace } = parts;
  feedExpectations(parts);
  caches.pools.onChange(({ type, object }) => {
    if (type === 'deleted') {
      ownWrites.forget(object.metadata.uid);
      pace.forget(object.metadata.uid);
    }
  });
  const nodes = {
    awaySince: nodeAbsence(caches.nodes, clock),
    usages: createNodeUsages(caches.nodes, caches.pods),
  };
  return {
    name: 'minerpool',
    concurrency: 10,
    watches: [
      primary(caches.pools),
      owned(caches.pods, MinerPools, { when: (change) => asksForSteps(change, caches) }),
      owned(caches.pods, MinerPools, {
        when: (change) => !asksForSteps(change, caches),
        delayMs: PROGRESS_DELAY_MS,
      }),
      owned(caches.revisions, MinerPools),
      mapped(caches.pods, (change) => poolsInWhoseWay(change, caches)),
      mapped(caches.pods, (change) => (holdChanged(change) ? poolsShortOfGpus(caches) : []), {
        delayMs: SUPPLY_DELAY_MS,
      }),
      mapped(caches.nodes, (change) => poolsConcerned(change, caches), { delayMs: NODE_DELAY_MS }),
    ],
    async reconcile(key, context) {
      const pool = caches.pools.store.get(key);
      if (pool === undefined) {
        expectations.forget(key);
        return done;
      }
      if (!expectations.satisfied(key)) {
        // What is missing from the cache wakes us when it comes.
        return after(expectations.expiresInMs(key));
      }
      if (ownWrites.isBehind(pool)) {
        return after(ECHO_MS);
      }
      const observed = observe(key, caches, nodes);
      return observed === undefined ? done : act(decide(observed, clock.now()), parts, context);
    },
  };
}

/** Tells the expectations of every pod the cache sees. */
function feedExpectations({ caches, expectations }: MinerPoolParts): void {
  caches.pods.onChange(({ type, object }) => {
    expectations.observe(
      object.metadata.uid,
      type === 'deleted' || object.metadata.deletionTimestamp !== undefined,
    );
  });
}

/** The pool that wants the name of this pod, which is or was somebody else's: a stranger that leaves makes room. */
function poolsInWhoseWay(change: Change<Pod>, { pools }: Caches): readonly string[] {
  const { metadata } = change.object;
  const name = parsePodName(metadata.name)?.pool;
  const pool = name && pools.store.get(joinKey({ namespace: metadata.namespace, name }));
  if (!pool) {
    return [];
  }
  const isOwn = (pod: Immutable<Pod>): boolean => controllerOf(pod)?.uid === pool.metadata.uid;
  const own = isOwn(change.object) && (change.type !== 'updated' || isOwn(change.previous));
  return own ? [] : [keyOf(pool)];
}

/**
 * The pools with a pod on the node, and, when the node came, went or changed what it offers, all those that wait for GPUs.
 * Heartbeats alone concern nobody.
 */
function poolsConcerned(change: Change<Node>, { pools, pods }: Caches): readonly string[] {
  const nothingNew = change.type === 'updated' && !offersChanged(change.previous, change.object);
  const atStart = change.type === 'added' && change.initial;
  if (nothingNew || atStart) {
    return [];
  }
  const node = change.object.metadata.name;
  const onNode = [...pools.store.list()].filter((pool) => {
    const own = pods.store.byIndex(BY_OWNER, pool.metadata.uid);
    return own.some(({ spec }) => spec.nodeName === node || spec.nodeName === undefined);
  });
  return [...onNode.map(keyOf), ...poolsShortOfGpus({ pools })];
}

/** The pools that have said that GPUs are missing: what they say depends on what others hold. */
function poolsShortOfGpus({ pools }: Pick<Caches, 'pools'>): readonly string[] {
  return [...pools.store.list()]
    .filter(({ status }) => findCondition(status?.conditions, 'GPUsAvailable')?.status === 'False')
    .map(keyOf);
}

/**
 * Whether the pool may have something to do: a pod came, goes, is gone or has ended, or, during an update, has become ready or is not
 * any more, on which the next ones wait. All else only shows in its status.
 */
function asksForSteps(change: Change<Pod>, caches: Caches): boolean {
  if (change.type !== 'updated') {
    return true;
  }
  const { previous, object } = change;
  return (
    previous.metadata.deletionTimestamp !== object.metadata.deletionTimestamp ||
    hasEnded(previous) !== hasEnded(object) ||
    controllerOf(previous)?.uid !== controllerOf(object)?.uid ||
    (isReady(previous) !== isReady(object) && isUpdating(object, caches))
  );
}

function isReady({ status }: Immutable<Pod>): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

/** Whether an update of the pod's pool is under way. */
function isUpdating(pod: Immutable<Pod>, { pools }: Caches): boolean {
  const name = controllerOf(pod)?.name;
  const pool = name && pools.store.get(joinKey({ namespace: pod.metadata.namespace, name }));
  return pool ? pool.status?.currentRevision !== pool.status?.updateRevision : false;
}

function hasEnded({ status }: Immutable<Pod>): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Whether a pod began or ceased to hold what it requests. */
function holdChanged(change: Change<Pod>): boolean {
  switch (change.type) {
    case 'added':
      return !change.initial && holdsResources(change.object);
    case 'updated':
      return holdsResources(change.previous) !== holdsResources(change.object);
    case 'deleted':
      return holdsResources(change.object);
  }
}

/** Whether something of the node changed that decides where pods can be: readiness, cordon, labels, what it allocates. */
function offersChanged(before: Immutable<Node>, now: Immutable<Node>): boolean {
  return offer(before) !== offer(now);
}

function offer({ metadata, spec, status }: Immutable<Node>): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready')?.status;
  return JSON.stringify([metadata.labels, spec?.unschedulable, status?.allocatable, ready]);
}
