import type { Attempt } from '../../api/chain-transaction/spec.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { ChainView, InclusionReceipt, NonceUser } from './chain-view.ts';
import { type Entry, nonceOf } from './entry.ts';

/** Where a ChainTransaction stands on chain, whatever its status says. */
export type Standing =
  /** A block includes one of its attempts. */
  | { readonly kind: 'included'; readonly receipt: InclusionReceipt; readonly attempt: Immutable<Attempt> }
  /** A final block includes a transaction with its nonce that is none of its attempts. */
  | { readonly kind: 'displaced'; readonly user: NonceUser }
  /** The node says that the nonce is used, but shows neither one of the attempts nor another transaction: it may be mistaken. */
  | { readonly kind: 'disputed' }
  /** The nonce is not used. */
  | { readonly kind: 'waiting' };

export function standingOf(entry: Entry, view: ChainView): Standing {
  for (const attempt of entry.spec.attempts) {
    const receipt = view.receipts.get(attempt.hash);
    if (receipt !== undefined) {
      return { kind: 'included', receipt, attempt };
    }
  }
  if (nonceOf(entry) >= view.nonce) {
    return { kind: 'waiting' };
  }
  const user = view.users.get(nonceOf(entry));
  const isForeign =
    user !== undefined &&
    user.blockNumber <= view.finalNumber &&
    entry.spec.attempts.every(({ hash }) => hash !== user.hash);
  return isForeign ? { kind: 'displaced', user } : { kind: 'disputed' };
}
