import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { KubeObject, Manifest } from '../../src/api/kube-object.ts';
import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { isNotFound } from '../../src/kube/errors.ts';

export const NAMESPACE = 'default';
const POOLS = 12;
/** More pods than this no pool wants. */
export const MOST_REPLICAS = 8;

/** What a pool should be like; absent from the map when there should be none. */
export interface Wanted {
  readonly replicas: number;
  readonly suspended: boolean;
  /** Of the pods' template: an update changes it. */
  readonly image: string;
}

/** Users who cannot make up their minds. */
export interface Churn {
  readonly wanted: ReadonlyMap<string, Wanted>;
  /** Creates, scales, updates, suspends, resumes or deletes one pool at random. */
  step(): Promise<void>;
  /** How many steps there were. */
  readonly steps: number;
}

export function createChurn(client: KubeClient, random: RandomGenerator): Churn {
  const wanted = new Map<string, Wanted>();
  const below = (end: number): number => uniformInt(random, 0, end - 1);
  let steps = 0;

  function next(name: string): Wanted | undefined {
    const now = wanted.get(name);
    if (now === undefined) {
      return { replicas: below(MOST_REPLICAS + 1), suspended: false, image: image() };
    }
    switch (below(8)) {
      case 0:
        return undefined;
      case 1:
        return { ...now, suspended: !now.suspended };
      case 2:
      case 3:
        return { ...now, image: image() };
      default:
        return { ...now, replicas: below(MOST_REPLICAS + 1) };
    }
  }

  const image = (): string => `example/idle:${below(1000)}`;

  return {
    wanted,
    async step() {
      steps++;
      const name = `soak-${below(POOLS)}`;
      const spec = next(name);
      if (spec === undefined) {
        wanted.delete(name);
        await client.delete(MinerPools, { namespace: NAMESPACE, name }).catch((error: unknown) => {
          if (!isNotFound(error)) {
            throw error;
          }
        });
      } else {
        wanted.set(name, spec);
        await client.apply(MinerPools, poolManifest(name, spec), { force: true });
      }
    },
    get steps() {
      return steps;
    },
  };
}

/** Pods that cost nothing: no node knows the image, so they idle. */
export function poolManifest(name: string, { replicas, suspended, image }: Wanted): Manifest<MinerPool> {
  const pool = {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'MinerPool',
    metadata: { namespace: NAMESPACE, name },
    spec: {
      replicas,
      suspend: suspended,
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 } },
      template: {
        spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'miner', image }] },
      },
    },
  };
  // Defaults fill what the type wants besides.
  return pool satisfies Manifest<KubeObject> as unknown as Manifest<MinerPool>;
}
