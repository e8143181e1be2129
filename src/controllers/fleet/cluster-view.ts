import type { Node, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { Namespaces } from '../../api/namespace.ts';
import type { Reason } from '../../api/reasons.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Store } from '../../kube/store.ts';
import type { AwaySince } from './node-absence.ts';
import type { NodeUsages } from './node-usages.ts';

/** Why nothing can be known of a cluster now. */
export type AwayReason = Extract<
  Reason,
  'Unreachable' | 'SecretNotFound' | 'SecretUnreadable' | 'KubeconfigInvalid' | 'ClusterChanged'
>;

/** A cluster of which nothing can be known now. */
export interface Away {
  readonly kind: 'away';
  readonly reason: AwayReason;
  readonly message: string;
}

/** A cluster whose nodes and pods are watched. */
export interface Reachable {
  readonly kind: 'reachable';
  /** UID of its namespace kube-system; undefined when it could not be asked for. */
  readonly uid: string | undefined;
  nodes(): Iterable<Immutable<Node>>;
  readonly usages: NodeUsages;
  /** All pods, with the indexes of caches.ts. */
  readonly pods: Store<Pod>;
  readonly awaySince: AwaySince;
  /** Reads and writes there; a write is refused when this process does not lead. */
  readonly client: KubeClient;
  /** Another number when the pods are watched by another connection, which heard nothing of what the former one had yet to tell. */
  readonly session: number;
}

/** A cluster of which nothing may be used yet, and nothing has failed. */
export interface Connecting {
  readonly kind: 'connecting';
  /** UID of its namespace kube-system, as soon as it is known. */
  readonly uid?: string;
}

/** What is known of a cluster now. */
export type ClusterView = Reachable | Away | Connecting;

/**
 * The UID of the namespace that every cluster has and nobody can make again: what tells clusters apart.
 * @throws ApiError
 */
export async function readClusterUid(client: KubeClient): Promise<string> {
  const { metadata } = await client.get(Namespaces, { name: 'kube-system' });
  return metadata.uid;
}
