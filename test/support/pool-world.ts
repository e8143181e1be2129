import type { ControllerRevision, Pod } from '../../src/api/builtin.ts';
import type { Immutable } from '../../src/api/kube-object.ts';
import type { MinerPool } from '../../src/api/miner-pool.ts';
import type { StakeAccount } from '../../src/api/stake-account.ts';
import { decide } from '../../src/controllers/minerpool/decide.ts';
import { verdictOf } from '../../src/controllers/minerpool/gates.ts';
import type { Observed } from '../../src/controllers/minerpool/observed.ts';
import { type Outcome, nothingDone } from '../../src/controllers/minerpool/outcome.ts';
import type { Plan, Step } from '../../src/controllers/minerpool/plan.ts';
import { podManifest } from '../../src/controllers/minerpool/pod.ts';
import type { Replica } from '../../src/controllers/minerpool/replica.ts';
import { revisionManifest } from '../../src/controllers/minerpool/revision.ts';
import { statusOf } from '../../src/controllers/minerpool/status.ts';
import { seenHere } from './seen-here.ts';

/**
 * One pool, its pods and nodes, with the rules of an API server and of kubelets that matter to a controller: unique names, UID
 * preconditions, graceful deletion that a node must confirm. Pure state, so that a property test can take it anywhere.
 */
export interface PoolWorld {
  pool: MinerPool;
  /** The StakeAccount that it names. */
  account?: StakeAccount;
  /** A pod that changes is another object: what was observed stays as it was. */
  readonly pods: Map<string, Immutable<Pod>>;
  /** Node name -> since when it is away, in milliseconds since 1970. */
  readonly lostNodes: Map<string, number>;
  now: number;
  /** One reconcile on what is true now, or on an older observation; `crashAfter` steps the operator is killed. */
  reconcile(options?: { observed?: Observed; crashAfter?: number }): Plan;
  /** What a cache holds at this moment. */
  observe(): Observed;
  /** Kubelets and the scheduler do everything that they can. */
  settle(): void;
}

/** The container image that makes a pod crash on start. */
export const BROKEN_IMAGE = 'broken';

export function poolWorld(pool: MinerPool, start: number): PoolWorld {
  const revisions = new Map<string, ControllerRevision>();
  let uids = 0;

  function metadataOf(name: string): ControllerRevision['metadata'] {
    uids++;
    return {
      name,
      namespace: 'default',
      uid: `uid-${uids}`,
      resourceVersion: String(uids),
      creationTimestamp: new Date(world.now).toISOString(),
    };
  }

  function create(plan: Plan, step: Exclude<Step, { kind: 'remove' }>): boolean {
    const manifest = podManifest(plan.scope.pool, step.order);
    if (world.pods.has(manifest.metadata.name)) {
      return false;
    }
    const metadata = { ...metadataOf(manifest.metadata.name), ...manifest.metadata };
    world.pods.set(metadata.name, { ...manifest, metadata, status: { phase: 'Pending' } });
    return true;
  }

  function remove({ pod, phase }: Replica): boolean {
    const actual = world.pods.get(pod.metadata.name);
    if (actual?.metadata.uid !== pod.metadata.uid) {
      return false;
    }
    if (phase === 'lost' || phase === 'finished' || actual.spec.nodeName === undefined) {
      world.pods.delete(pod.metadata.name);
    } else {
      const metadata = { deletionTimestamp: new Date(world.now).toISOString(), ...actual.metadata };
      world.pods.set(pod.metadata.name, { ...actual, metadata });
    }
    return true;
  }

  function doSteps(plan: Plan, limit: number): Outcome {
    const created: string[] = [];
    const deleted: string[] = [];
    for (const step of plan.steps.slice(0, limit)) {
      if (step.kind !== 'create' && remove(step.replica)) {
        deleted.push(step.replica.pod.metadata.name);
      }
      if (step.kind !== 'remove' && create(plan, step)) {
        created.push(`${plan.scope.pool.metadata.name}-${step.order.ordinal}`);
      }
    }
    return { ...nothingDone, created, deleted };
  }

  const world: PoolWorld = {
    pool,
    pods: new Map(),
    lostNodes: new Map(),
    now: start,
    observe: () => {
      const lost = new Map(world.lostNodes);
      return seenHere({
        pool: world.pool,
        account: world.account,
        pods: [...world.pods.values()],
        revisions: [...revisions.values()],
        awaySince: (node) => lost.get(node),
      });
    },
    reconcile({ observed = world.observe(), crashAfter = Infinity } = {}) {
      const plan = decide(observed, world.now);
      const { updateRevision } = plan.scope;
      if (plan.newRevisionNumber !== undefined && crashAfter > 0) {
        const manifest = revisionManifest(plan.scope.pool, updateRevision, plan.newRevisionNumber);
        revisions.set(updateRevision, {
          ...manifest,
          metadata: { ...metadataOf(updateRevision), ...manifest.metadata },
        });
      }
      const outcome = doSteps(plan, crashAfter);
      const stale = observed.pool.metadata.resourceVersion !== world.pool.metadata.resourceVersion;
      if (crashAfter === Infinity && !stale) {
        world.pool = { ...world.pool, status: statusOf(plan.scope, outcome, verdictOf(plan.scope, outcome)) };
      }
      for (const { metadata } of plan.obsoleteRevisions) {
        revisions.delete(metadata.name);
      }
      return plan;
    },
    settle() {
      for (const [name, pod] of world.pods) {
        const node = pod.spec.nodeName;
        if (node !== undefined && world.lostNodes.has(node)) {
          continue;
        }
        if (pod.metadata.deletionTimestamp !== undefined) {
          world.pods.delete(name);
        } else if (node === undefined) {
          world.pods.set(name, { ...pod, spec: { ...pod.spec, nodeName: pickNode(world, pod) } });
        } else if (pod.status?.phase === 'Pending') {
          world.pods.set(name, { ...pod, status: startedStatus(world.now, pod) });
        }
      }
    },
  };
  return world;
}

function pickNode(world: PoolWorld, pod: Immutable<Pod>): string {
  const nodes = ['a', 'b', 'c'].filter((node) => !world.lostNodes.has(node));
  return nodes[pod.metadata.name.length % nodes.length] ?? 'a';
}

function startedStatus(now: number, pod: Immutable<Pod>): NonNullable<Pod['status']> {
  const at = new Date(now).toISOString();
  return pod.spec.containers[0]?.image === BROKEN_IMAGE
    ? { phase: 'Failed' }
    : { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }] };
}
