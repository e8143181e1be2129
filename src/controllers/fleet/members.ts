import type { ComputeCluster } from '../../api/compute-cluster.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { ClusterView } from './cluster-view.ts';
import type { FleetListener } from './fleet.ts';
import { type Member, type MemberParts, type SecretPace, startMember } from './member.ts';

/**
 * The other clusters. Connections are made when a reconcile asks for a cluster, hence by the leader alone, and never waited for: a
 * cluster that is away delays nobody.
 */
export interface Members {
  /** What is known of the cluster now. Connects when its ComputeCluster is new, or says something else than before. */
  view(cluster: Immutable<ComputeCluster>): ClusterView;
  /** Closes the connection to the cluster, if there is one. */
  forget(name: string): void;
  /** What is known of the cluster now. Connects to nothing. */
  peek(name: string): ClusterView;
  /** The end of `signal` closes all connections, for good. */
  begin(signal: AbortSignal): void;
}

/** As the kubelet and client-go look at files of credentials; a change made because something fails is seen soon. */
export const secretPace: SecretPace = { rereadMs: 60_000, retryMs: 5000 };

/** @param listener hears of every change of every member */
export function createMembers(parts: MemberParts, listener: FleetListener): Members {
  const members = new Map<string, { readonly member: Member; readonly means: string }>();
  let ended = false;

  function forget(name: string): void {
    members.get(name)?.member.close();
    members.delete(name);
  }

  return {
    view({ metadata: { name, uid }, spec: { connection } }) {
      const means = JSON.stringify([uid, connection]);
      if (members.get(name)?.means !== means) {
        forget(name);
      }
      const known = members.get(name)?.member;
      if (known !== undefined || ended || connection.kubeconfig === undefined) {
        return known?.view() ?? { kind: 'connecting' };
      }
      const log = parts.log.with({ computeCluster: name });
      const member = startMember(
        connection.kubeconfig,
        { ...parts, log },
        {
          changed: () => listener.changed(name),
          podChanged: (change) => listener.podChanged(name, change),
        },
      );
      members.set(name, { member, means });
      return member.view();
    },
    forget,
    peek: (name) => members.get(name)?.member.view() ?? { kind: 'connecting' },
    begin(signal) {
      signal.addEventListener(
        'abort',
        () => {
          ended = true;
          [...members.keys()].forEach(forget);
        },
        { once: true },
      );
    },
  };
}
