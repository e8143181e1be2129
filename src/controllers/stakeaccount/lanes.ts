import type { ChainTransaction } from '../../api/chain-transaction.ts';
import { API_VERSION } from '../../api/group.ts';
import { type Immutable, joinKey } from '../../api/kube-object.ts';
import { type StakeAccount, StakeAccounts } from '../../api/stake-account.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Informer } from '../../kube/informer.ts';
import { BY_ACCOUNT, accountKeyOf } from '../caches.ts';
import { type KubeOutbox, kubeOutbox } from './outbox.ts';

/** The outboxes of all accounts: one for each account, chain and address, fed by the watch. */
export interface Lanes {
  outbox(account: Immutable<StakeAccount>, chainId: number): KubeOutbox;
  forget(uid: string): void;
}

interface Lane {
  readonly outbox: KubeOutbox;
  readonly means: string;
  readonly key: string;
}

export function createLanes(client: KubeClient, transactions: Informer<ChainTransaction>): Lanes {
  const lanes = new Map<string, Lane>();
  transactions.onChange(({ type, object }) => {
    const key = accountKeyOf(object);
    for (const { outbox } of [...lanes.values()].filter((lane) => lane.key === key)) {
      if (type === 'deleted') {
        outbox.forget(object.metadata.name);
      } else {
        outbox.observe(object);
      }
    }
  });
  return {
    outbox(account, chainId) {
      const { name, namespace = '', uid } = account.metadata;
      const { address } = account.spec;
      const means = JSON.stringify([chainId, address]);
      const known = lanes.get(uid);
      if (known?.means === means) {
        return known.outbox;
      }
      const key = joinKey({ namespace, name });
      const outbox = kubeOutbox(client, {
        namespace,
        account: name,
        chainId,
        address,
        owner: {
          apiVersion: API_VERSION,
          kind: StakeAccounts.kind,
          name,
          uid,
          controller: true,
          blockOwnerDeletion: false,
        },
        seen: (): readonly Entry[] => transactions.store.byIndex(BY_ACCOUNT, key),
      });
      lanes.set(uid, { outbox, means, key });
      return outbox;
    },
    forget: (uid) => void lanes.delete(uid),
  };
}
