import type { Wei } from '../../chain/amounts/amount.ts';
import type { SeenClaim } from '../../chain/protocols/protocol.ts';

/** A block that something was seen in. */
export interface SeenBlock {
  readonly number: number;
  readonly hash: string;
}

/** What is known of what an account has earned, as of one block. */
export interface RewardLook {
  /** Of the claims that were told of those that are not counted yet, the oldest epoch first. */
  readonly claims: readonly SeenClaim[];
  /** Epochs that are paid in a final block, of those that are not counted yet. */
  readonly paid: ReadonlySet<number>;
  /** Epochs that are paid, and the blocks in which that was first seen, which are not final yet. */
  readonly settling: ReadonlyMap<number, SeenBlock>;
  /** All that is not counted is settling: nothing of it changes before this block is final. */
  readonly waitsFor: number | undefined;
  /** Whether no server has told of any claims yet, nor that there are none. */
  readonly isUnread: boolean;
  /** Why claims are not known, for people. What was known of them before is kept. */
  readonly problem: string | undefined;
  /** Of the block, in wei per unit of gas. */
  readonly baseFeePerGas: Wei;
  /** When there is something to look at next, by time alone; milliseconds since 1970. */
  readonly nextAt: number | undefined;
}
