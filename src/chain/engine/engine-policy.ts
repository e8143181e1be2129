import type { FeePolicy } from '../fees/fee-policy.ts';
import type { SpendCap } from '../spending/spend-cap.ts';

/** What a user, and the network, allow the engine to do with an account. */
export interface EnginePolicy {
  readonly fees: FeePolicy;
  readonly spend: SpendCap;
  /** How many transactions may wait for inclusion at a time: 1 to 16. */
  readonly window: number;
  /** So many of them are for duties only: below the window. */
  readonly keptForDuties: number;
  /** How many blocks, its own included, make an inclusion worth writing down. */
  readonly confirmations: number;
  /** After how many blocks a transaction that is not included is replaced by one with higher fees. Chainlink: 3 */
  readonly replaceAfterBlocks: number;
  /** Units of gas for a transfer that does nothing. 21,000, but where a rollup counts its first layer's cost as gas. */
  readonly noOpGasLimit: number;
  /** How many ended transactions are kept however old they are. At least 1: the last one says which nonces were used. */
  readonly historyLimit: number;
  /** Nothing is signed or sent; what happens on chain is still written down. */
  readonly suspended: boolean;
}

/** What most networks can live with. */
export const ENGINE_DEFAULTS = {
  window: 1,
  keptForDuties: 0,
  confirmations: 3,
  replaceAfterBlocks: 3,
  noOpGasLimit: 21_000,
  historyLimit: 20,
  suspended: false,
} as const satisfies Partial<EnginePolicy>;

/** The most transactions that may wait at a time: nodes keep no more of one account with certainty (Chainlink, geth's account slots). */
export const MAX_WINDOW = 16;
