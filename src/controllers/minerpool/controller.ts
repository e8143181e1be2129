import type { Node, Pod } from '../../api/builtin.ts';
import { type Immutable, controllerOf, joinKey, keyOf } from '../../api/kube-object.ts';
import { type MinerPool, MinerPools } from '../../api/miner-pool.ts';
import {
  type Controller,
  type ReconcileContext,
  type Result,
  after,
  done,
} from '../../controller/controller.ts';
import type { Change } from '../../kube/informer.ts';
import { mapped, owned, primary } from '../../controller/watch-sources.ts';
import { BY_OWNER, type Caches } from '../caches.ts';
import type { KnownClusters } from '../fleet/known-clusters.ts';
import { type ActParts, act } from './act.ts';
import type { PoolUsage } from '../boards/pool-usage.ts';
import type { Assumed } from './assumed.ts';
import { decide } from './decide.ts';
import {
  feedExpectations,
  memberWatch,
  placedPools,
  poolsShortOfGpus,
  termsChanged,
} from './member-watch.ts';
import { observe } from './observe.ts';
import { ORPHANS_RETRY_MS, orphanEvents, removeOrphans } from './orphans.ts';
import { asksForSteps, holdChanged, offersChanged } from './pod-changes.ts';
import { parsePodName } from './replica.ts';
import { poolsOnAccount } from './stake-watch.ts';

/** What the controller is built from. */
export interface MinerPoolParts extends ActParts {
  readonly caches: Caches;
  readonly known: KnownClusters;
  readonly assumed: Assumed;
  /** @default nobody knows how busy GPUs are */
  readonly usage?: PoolUsage;
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
  const { caches, clock, expectations, ownWrites, pace, fleet, assumed, refusing, usage } = parts;
  caches.pods.onChange((change) => feedExpectations(change, expectations));
  caches.pools.onChange(({ type, object }) => {
    if (type === 'deleted') {
      ownWrites.forget(object.metadata.uid);
      pace.forget(object.metadata.uid);
      assumed.forget(keyOf(object));
      refusing.forget(object.metadata.uid);
    }
  });
  const members = memberWatch(parts, { progressMs: PROGRESS_DELAY_MS, supplyMs: SUPPLY_DELAY_MS });

  async function reconcilePool(
    key: string,
    pool: Immutable<MinerPool> | undefined,
    context: ReconcileContext,
  ): Promise<Result> {
    if (pool === undefined) {
      [key, ...members.expectationKeys(key)].forEach((each) => expectations.forget(each));
      return done;
    }
    const unmet = [key, ...members.expectationKeys(key)].filter((each) => !expectations.satisfied(each));
    if (unmet.length > 0) {
      // What is missing from the cache wakes us when it comes.
      return after(Math.max(...unmet.map((each) => expectations.expiresInMs(each))));
    }
    if (ownWrites.isBehind(pool)) {
      return after(ECHO_MS);
    }
    const now = clock.now();
    const observed = observe(key, parts, now);
    if (observed === undefined) {
      return done;
    }
    const plan = decide(observed, now);
    // At once, and before anything is waited for: other pools decide meanwhile.
    assumed.take(key, plan);
    return act(plan, parts, context);
  }

  return {
    name: 'minerpool',
    concurrency: 10,
    watches: [
      primary(caches.pools),
      owned(caches.pods, MinerPools, {
        when: (change) => asksForSteps(change, poolOf(change.object, caches)),
      }),
      owned(caches.pods, MinerPools, {
        when: (change) => !asksForSteps(change, poolOf(change.object, caches)),
        delayMs: PROGRESS_DELAY_MS,
      }),
      owned(caches.revisions, MinerPools),
      mapped(caches.pods, (change) => poolsInWhoseWay(change, caches)),
      mapped(caches.pods, (change) => (holdChanged(change) ? poolsShortOfGpus(caches) : []), {
        delayMs: SUPPLY_DELAY_MS,
      }),
      mapped(caches.nodes, (change) => poolsConcerned(change, caches), { delayMs: NODE_DELAY_MS }),
      mapped(caches.accounts, (change) => poolsOnAccount(change, caches)),
      mapped(caches.clusters, (change) => (termsChanged(change) ? placedPools(caches) : []), {
        delayMs: NODE_DELAY_MS,
      }),
    ],
    begin(wake) {
      fleet.listen(members.listener(wake));
      usage?.listen((key) => wake(key, 0));
    },
    async reconcile(key, context) {
      const pool = caches.pools.store.get(key);
      const left = await removeOrphans(key, pool, parts, context);
      if (pool !== undefined) {
        orphanEvents(left).forEach((event) => parts.events.record(pool, event));
      }
      const result = await reconcilePool(key, pool, context);
      return left.length === 0 ? result : noLaterThan(result, ORPHANS_RETRY_MS);
    },
  };
}

function noLaterThan(result: Result, ms: number): Result {
  return result.kind === 'done' ? after(ms) : after(Math.min(result.ms, ms));
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

/** The pool that a pod of this cluster belongs to. */
function poolOf(pod: Immutable<Pod>, { pools }: Caches): Immutable<MinerPool> | undefined {
  const name = controllerOf(pod)?.name;
  return name === undefined
    ? undefined
    : pools.store.get(joinKey({ namespace: pod.metadata.namespace, name }));
}
