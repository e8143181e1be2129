import assert from 'node:assert/strict';
import type { Pod } from '../../src/api/builtin.ts';
import type { Immutable } from '../../src/api/kube-object.ts';
import type { Placement } from '../../src/api/placement.ts';
import type { MinerPool } from '../../src/api/miner-pool.ts';
import type { ClusterOffer } from '../../src/compute/placement/offer.ts';
import { freeTerms } from '../../src/controllers/fleet/guest-terms.ts';
import { decide } from '../../src/controllers/minerpool/decide.ts';
import { verdictOf } from '../../src/controllers/minerpool/gates.ts';
import type { Observed, Site } from '../../src/controllers/minerpool/observed.ts';
import { nothingDone } from '../../src/controllers/minerpool/outcome.ts';
import type { ClusterState } from '../../src/controllers/minerpool/placing.ts';
import type { Plan, Step } from '../../src/controllers/minerpool/plan.ts';
import { podManifest } from '../../src/controllers/minerpool/pod.ts';
import { statusOf } from '../../src/controllers/minerpool/status.ts';
import { createRefusingClusters, withRefusals } from '../../src/controllers/minerpool/refusing-clusters.ts';
import { podSource, revisionName } from '../../src/controllers/minerpool/revision.ts';
import { recordedStatus } from '../../src/controllers/minerpool/write-ahead.ts';

/** One cluster of one GPU model. */
export interface WorldCluster {
  readonly gpus: number;
  /** Micro-USD a GPU-hour. */
  price: number;
  /** Since when it cannot be reached, in milliseconds since 1970. */
  away: number | undefined;
  /** Whether it has not answered yet, as after a restart. */
  connecting: boolean;
  /** Why its API server refuses to create pods; undefined: it does not. */
  refuses: string | undefined;
  /** What runs there, also while nobody can look. A pod that changes is another object: what was observed stays as it was. */
  readonly pods: Map<string, Immutable<Pod>>;
}

/** A pool that Headframe places over clusters. Each create is checked: no ordinal may run twice where that can be known. */
export interface FleetWorld {
  pool: MinerPool;
  readonly clusters: ReadonlyMap<string, WorldCluster>;
  now: number;
  /** One reconcile; after `crashAfter` writes the operator is killed. */
  reconcile(crashAfter?: number): Plan;
  /** Kubelets and schedulers do everything that they can, in every cluster. */
  settle(): void;
  /** Pods that are not on their way out, with their clusters. */
  live(): readonly { readonly cluster: string; readonly name: string }[];
}

const MODEL = 'v100-sxm2-32gb';

function stateOf({ away, connecting }: WorldCluster): ClusterState {
  if (away !== undefined) {
    return { kind: 'away', since: away };
  }
  return { kind: connecting ? 'connecting' : 'reachable' };
}

function revisionOf(pool: MinerPool): string {
  return revisionName(pool.metadata.name, podSource(pool));
}

function answers(there: WorldCluster): boolean {
  return stateOf(there).kind === 'reachable';
}

export function fleetWorld(
  pool: MinerPool,
  gpus: Readonly<Record<string, number>>,
  start: number,
): FleetWorld {
  const clusters = new Map(
    Object.entries(gpus).map(([name, count], index): [string, WorldCluster] => [
      name,
      {
        gpus: count,
        price: (index + 1) * 1_000_000,
        away: undefined,
        connecting: false,
        refuses: undefined,
        pods: new Map(),
      },
    ]),
  );
  let uids = 0;
  const refusing = createRefusingClusters();

  function siteOf([cluster, { pods }]: [string, WorldCluster]): Site {
    return {
      cluster,
      pods: [...pods.values()],
      podNamed: () => undefined,
      awaySince: () => undefined,
      terms: { ...freeTerms, cluster },
    };
  }

  function offerOf([name, there]: [string, WorldCluster]): ClusterOffer {
    const { gpus: all, price, pods } = there;
    const bound = [...pods.values()].filter(({ spec }) => spec.nodeName !== undefined).length;
    const line = {
      model: MODEL,
      product: 'Tesla-V100-SXM2-32GB',
      vendor: 'NVIDIA',
      memoryMiB: 32_768,
    } as const;
    return {
      name,
      labels: {},
      reachable: answers(there),
      freeForGuests: all - bound,
      lines: answers(there)
        ? [
            {
              ...line,
              v100EquivalentsPerGpu: 1,
              microUsdPerGpuHour: price,
              freeByNode: [all - bound],
              freeForGuests: all - bound,
            },
          ]
        : [],
    };
  }

  function observe(): Observed {
    const reachable = [...clusters].filter(([, there]) => answers(there));
    const states = new Map(
      [...clusters].map(([name, there]): [string, ClusterState] => [name, stateOf(there)]),
    );
    return {
      pool: world.pool,
      sites: [
        {
          cluster: 'local',
          pods: [],
          podNamed: () => undefined,
          awaySince: () => undefined,
          terms: freeTerms,
        },
        ...reachable.map(siteOf),
      ],
      clusters: states,
      revisions: [],
      supply: { total: 0, free: 0, nodesWithFree: 0, replicasFitting: 0 },
      products: [],
      placing: {
        placement: world.pool.spec.placement!,
        offers: withRefusals(
          [...clusters].map(offerOf),
          refusing.of(world.pool, revisionOf(world.pool), world.now),
          world.now,
        ),
        clusters: states,
        modelOn: () => MODEL,
      },
    };
  }

  function podsAt(cluster: string): WorldCluster['pods'] {
    return clusters.get(cluster)?.pods ?? assert.fail(`nothing may be written in ${cluster}`);
  }

  function create(plan: Plan, { order }: Extract<Step, { kind: 'create' | 'replace' }>): void {
    const manifest = podManifest(plan.scope.pool, order, 'home');
    const { name } = manifest.metadata;
    const { cluster } = order.terms;
    const placement = plan.scope.pool.spec.placement as Placement;
    for (const [other, { pods, away }] of clusters) {
      if (pods.has(name)) {
        const allowed = away !== undefined && world.now - away >= placement.clusterLostGraceSeconds * 1000;
        assert.ok(allowed, `${name} was made in ${cluster} although it is in ${other}`);
      }
    }
    uids++;
    const metadata = {
      namespace: 'default',
      uid: `uid-${uids}`,
      resourceVersion: String(uids),
      creationTimestamp: new Date(world.now).toISOString(),
      ...manifest.metadata,
    };
    podsAt(cluster).set(name, { ...manifest, metadata, status: { phase: 'Pending' } });
  }

  function remove({ replica }: Extract<Step, { kind: 'remove' | 'replace' }>): void {
    const { name, uid } = replica.pod.metadata;
    const pod = podsAt(replica.cluster).get(name);
    if (pod?.metadata.uid !== uid) {
      return;
    }
    if (pod.spec.nodeName === undefined || replica.phase === 'finished') {
      podsAt(replica.cluster).delete(name);
    } else {
      const metadata = { deletionTimestamp: new Date(world.now).toISOString(), ...pod.metadata };
      podsAt(replica.cluster).set(name, { ...pod, metadata });
    }
  }

  const world: FleetWorld = {
    pool,
    clusters,
    now: start,
    reconcile(crashAfter = Infinity) {
      const plan = decide(observe(), world.now);
      const { placing } = plan.scope;
      const outcome = { madeIn: new Set<string>(), refusedIn: new Map<string, string>() };
      const writes: (() => void)[] = plan.steps.map((step) => () => {
        // After one that was refused no more are begun there.
        if (step.kind !== 'remove' && outcome.refusedIn.has(step.order.terms.cluster)) {
          return;
        }
        if (step.kind !== 'create') {
          remove(step);
        }
        if (step.kind === 'remove') {
          return;
        }
        const { cluster } = step.order.terms;
        const reason = clusters.get(cluster)?.refuses;
        if (reason === undefined) {
          create(plan, step);
          outcome.madeIn.add(cluster);
        } else {
          outcome.refusedIn.set(cluster, reason);
        }
      });
      if (placing !== undefined && plan.steps.length > 0) {
        writes.unshift(() => {
          const placement = recordedStatus(world.pool.status?.placement, placing.record);
          world.pool = { ...world.pool, status: { ...emptyStatus, ...world.pool.status, placement } };
        });
      }
      writes.slice(0, crashAfter).forEach((write) => write());
      const { uid } = plan.scope.pool.metadata;
      refusing.note(uid, plan.scope.updateRevision, { ...nothingDone, ...outcome }, world.now);
      if (crashAfter !== Infinity) {
        refusing.forget(uid);
      }
      if (crashAfter === Infinity) {
        const status = statusOf(plan.scope, nothingDone, verdictOf(plan.scope, nothingDone));
        world.pool = { ...world.pool, status };
      }
      return plan;
    },
    settle() {
      for (const { pods, gpus: all } of clusters.values()) {
        for (const [name, pod] of pods) {
          if (pod.metadata.deletionTimestamp !== undefined) {
            pods.delete(name);
          }
        }
        for (const [name, pod] of pods) {
          const bound = [...pods.values()].filter(({ spec }) => spec.nodeName !== undefined).length;
          if (pod.spec.nodeName === undefined && bound < all) {
            pods.set(name, { ...pod, spec: { ...pod.spec, nodeName: 'n' } });
          } else if (pod.spec.nodeName !== undefined && pod.status?.phase === 'Pending') {
            const lastTransitionTime = new Date(world.now).toISOString();
            const conditions = [{ type: 'Ready', status: 'True' as const, lastTransitionTime }];
            pods.set(name, { ...pod, status: { phase: 'Running', conditions } });
          }
        }
      }
    },
    live: () =>
      [...clusters].flatMap(([cluster, { pods }]) =>
        [...pods.values()]
          .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
          .map(({ metadata }) => ({ cluster, name: metadata.name })),
      ),
  };
  return world;
}

const emptyStatus = {
  replicas: 0,
  readyReplicas: 0,
  availableReplicas: 0,
  updatedReplicas: 0,
  gpus: { desired: 0, allocated: 0, ready: 0 },
  conditions: [],
};
