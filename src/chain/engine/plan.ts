import type { AttemptCause } from '../../api/chain-transaction/spec.ts';
import type { ChainTransactionStatus } from '../../api/chain-transaction/status.ts';
import type { Fees } from '../fees/fees.ts';
import type { Entry } from './entry.ts';
import type { WantedIntent } from './intent.ts';

/** One thing to do. Every step may be done twice, or late, or by two at a time, and have its effect on chain once. */
export type Step =
  /** Write down what the chain says. */
  | { readonly kind: 'record'; readonly entry: Entry; readonly status: ChainTransactionStatus }
  /** Send what is signed once more: the node does not have it. */
  | { readonly kind: 'broadcast'; readonly entry: Entry; readonly hash: string }
  /** Sign another transaction for the same nonce, write it down, then send it. */
  | { readonly kind: 'replace'; readonly entry: Entry; readonly cause: AttemptCause; readonly fees: Fees }
  /** Reserve a nonce for an intent: simulate, sign, write down, send. */
  | {
      readonly kind: 'enter';
      readonly intent: WantedIntent;
      readonly nonce: number;
      readonly cause: AttemptCause;
    }
  /** Delete what is over and not needed any more. */
  | { readonly kind: 'prune'; readonly entry: Entry };

/** Why something is not done that could be: for the condition of the account. */
export interface Hold {
  readonly reason: HoldReason;
  /** With numbers, and what is allowed. */
  readonly explanation: string;
  /** The intent that waits, where it is one. */
  readonly intentId?: string;
  /** Not before can it change by time alone, milliseconds since 1970. */
  readonly notBefore?: number | undefined;
}

export type HoldReason =
  /** Gas costs more than the policy lets pay now. */
  | 'FeesAboveLimit'
  | 'SpendCapReached'
  | 'InsufficientFunds'
  /** The contract would refuse the call. */
  | 'WouldRevert'
  /** The signer, or its allow-list, refuses. */
  | 'SignerRefused'
  /** The intent is of no use any more. */
  | 'Expired'
  /** So many signed transactions for one nonce that no more are made. */
  | 'TooManyAttempts'
  /** The node counts nonces as used, and cannot show by what. */
  | 'NonceDisputed'
  /** The node did not answer what had to be asked. */
  | 'NodeUnavailable'
  | 'Suspended';

/** Nonces that somebody else used with the same key. */
export interface ForeignNonces {
  readonly from: number;
  readonly to: number;
  /** Of the transaction at `to`, where it was found. */
  readonly hash: string | undefined;
}

/** What should be done now about the transactions of an account, and what cannot be. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly holds: readonly Hold[];
  readonly foreign: ForeignNonces | undefined;
}
