import { type Pod, Pods } from '../../api/builtin.ts';
import { LOCAL_CLUSTER } from '../../api/compute-cluster.ts';
import { MANAGER, labels } from '../../api/group.ts';
import type { Immutable, Manifest } from '../../api/kube-object.ts';
import { Namespaces } from '../../api/namespace.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isNotFound } from '../../kube/errors.ts';
import { ownerUidHere, ownerUidInMember } from '../caches.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** A cluster in which a pool's pods can be made and deleted. */
export interface WritableCluster {
  readonly client: KubeClient;
  /** By which pods in other clusters are known as ours; empty in the cluster in which Headframe runs. */
  readonly home: string;
  create(manifest: Manifest<Pod>): Promise<Pod>;
  ownerUid(pod: Immutable<Pod>): string | undefined;
  /**
   * Under which key is expected what was written for a pool. A member that is watched anew shows everything that had been written
   * before: what was expected of its former session counts no more.
   */
  expectationKey(pool: string): string;
}

/** Clusters by the name of their ComputeCluster. */
export interface WritableClusters {
  /** @throws Error when the cluster cannot be asked now */
  of(name: string): WritableCluster;
}

/** @param home UID of the cluster in which Headframe runs; undefined when it cannot be known: nothing is made in others then */
export function writableClusters(fleet: Fleet, home: string | undefined): WritableClusters {
  return {
    of(name) {
      const view = fleet.view(name);
      if (view.kind !== 'reachable') {
        throw new Error(`cluster ${name} cannot be reached: nothing was written there`);
      }
      const { client, session } = view;
      if (name === LOCAL_CLUSTER) {
        return {
          client,
          home: '',
          create: (manifest) => client.create(Pods, manifest),
          ownerUid: ownerUidHere,
          expectationKey: (pool) => pool,
        };
      }
      return {
        client,
        home: home ?? '',
        create: (manifest) => (home === undefined ? refuse(name) : createIn(client, manifest)),
        ownerUid: ownerUidInMember,
        expectationKey: (pool) => memberKey(pool, name, session),
      };
    },
  };
}

function refuse(cluster: string): Promise<never> {
  return Promise.reject(
    new Error(
      `no pod was made in cluster ${cluster}: the namespace kube-system of the cluster in which Headframe runs cannot be read, and its UID is the mark of our pods in others`,
    ),
  );
}

/** The key of what is expected of one session of a member. */
export function memberKey(pool: string, cluster: string, session: number): string {
  return `${pool}@${cluster}#${session}`;
}

/** Users make namespaces where they apply their pools; in other clusters nobody does. */
async function createIn(client: KubeClient, manifest: Manifest<Pod>): Promise<Pod> {
  try {
    return await client.create(Pods, manifest);
  } catch (error) {
    const { namespace } = manifest.metadata;
    if (!isNotFound(error) || namespace === undefined) {
      throw error;
    }
    await createNamespace(client, namespace);
    return client.create(Pods, manifest);
  }
}

async function createNamespace(client: KubeClient, name: string): Promise<void> {
  try {
    await client.create(Namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { [labels.managedBy]: MANAGER } },
    });
  } catch (error) {
    if (!isAlreadyExists(error)) {
      throw error;
    }
  }
}
