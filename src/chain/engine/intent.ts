import { createHash } from 'node:crypto';
import type { Intent } from '../../api/chain-transaction/spec.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Lane } from '../fees/urgency.ts';

/** An effect that is wanted on chain, as a planner asks for it and as a ChainTransaction records it. */
export type WantedIntent = Immutable<Intent>;

/** What an intent means. Two that mean the same are one. */
export interface Meaning {
  readonly chainId: number;
  /** Address of the account that sends it. */
  readonly account: string;
  /** Address of what is called. */
  readonly contract: string;
  /** Such as ClaimRewards. */
  readonly kind: string;
  /** What tells two of the kind apart: 'round 1234', 'generation 3', the attempt after a revert. */
  readonly key: string;
}

/** The kind of what does nothing: it only uses a nonce. */
export const NO_OP = 'NoOp';

/** The id of an intent: SHA-256 of its meaning. Capital letters in addresses make no difference. */
export function intentId({ chainId, account, contract, kind, key }: Meaning): string {
  // As JSON no part can run over into the next.
  const text = JSON.stringify([chainId, account.toLowerCase(), contract.toLowerCase(), kind, key]);
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}

/** What fills the gap at a nonce: the account sends nothing to itself. */
export function noOpIntent(chainId: number, account: string, nonce: number): WantedIntent {
  return {
    id: intentId({ chainId, account, contract: account, kind: NO_OP, key: `nonce ${nonce}` }),
    kind: NO_OP,
    to: account,
    data: '0x',
    valueWei: '0',
    urgency: 'Optional',
  };
}

/** How much the intent is worth its gas now. @param now milliseconds since 1970 */
export function laneOf({ urgency, availableTime, dueTime }: WantedIntent, now: number): Lane {
  if (urgency === 'Optional') {
    return { kind: 'optional' };
  }
  const from = availableTime === undefined ? now : Date.parse(availableTime);
  const until = dueTime === undefined ? from : Date.parse(dueTime);
  return { kind: 'essential', elapsedMs: now - from, periodMs: until - from };
}

/** Whether the effect is of no use any more. @param now milliseconds since 1970 */
export function hasExpired({ expiryTime }: WantedIntent, now: number): boolean {
  return expiryTime !== undefined && Date.parse(expiryTime) <= now;
}
