import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';
import type { Standing } from './standing.ts';

/** What somebody else did with the keys of accounts. It is seen at every look for as long as transactions around it are kept, and told once. */
export interface ForeignNews {
  eventsOf(account: Immutable<StakeAccount>, standing: Standing): readonly EventDetails[];
  forget(uid: string): void;
}

export function createForeignNews(): ForeignNews {
  /** The highest nonce that was told of, by the UID of the account. */
  const told = new Map<string, number>();
  return {
    eventsOf({ metadata: { uid } }, standing) {
      if (standing.kind === 'unread' || standing.foreign === undefined) {
        return [];
      }
      const { from, to, hash } = standing.foreign;
      if (to <= (told.get(uid) ?? -1)) {
        return [];
      }
      told.set(uid, to);
      const nonces = from === to ? `nonce ${to}` : `nonces ${from} to ${to}`;
      const by = hash === undefined ? '' : ` (transaction ${hash})`;
      return [
        {
          type: 'Warning',
          reason: 'ForeignTransactions',
          action: 'Reconcile',
          note: `somebody else used ${nonces} of the account${by}`,
        },
      ];
    },
    forget: (uid) => void told.delete(uid),
  };
}
