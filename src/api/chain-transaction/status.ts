import * as z from 'zod';
import { hash, weiAmount } from '../schema/chain-fields.ts';
import { conditions, observedGeneration } from '../schema/fields.ts';

/** How a transaction ended. */
export const Outcome = z.enum(['Confirmed', 'Reverted', 'Displaced', 'Cancelled', 'Expired', 'Rejected']);
export type Outcome = z.infer<typeof Outcome>;

/** Where one of the attempts stands on chain. */
export const Inclusion = z.object({
  hash: hash().describe('The hash of the attempt that was included.'),
  blockNumber: z.int().min(0).describe('The number of its block.'),
  blockHash: hash().describe('The hash of its block: another one at the same number is another chain.'),
  execution: z
    .enum(['Succeeded', 'Reverted'])
    .describe('Whether the call did its work, or took all of it back.'),
  gasUsed: z.int().min(0).describe('Units of gas that it used.'),
  effectiveGasPriceWei: weiAmount().describe('What a unit of gas cost, in wei.'),
  l1FeeWei: weiAmount()
    .exactOptional()
    .describe('What a rollup charged for its data on the first layer, in wei.'),
  costWei: weiAmount().describe('What it cost besides its value, in wei.'),
});
export type Inclusion = z.infer<typeof Inclusion>;

/** What the chain says of the transaction. */
export const ChainTransactionStatus = z.object({
  observedGeneration: observedGeneration(),
  inclusion: Inclusion.exactOptional().describe(
    'The block that the nonce was used in. It goes again when a reorganisation takes the block away.',
  ),
  outcome: Outcome.exactOptional().describe(
    'How it ended, for good. Confirmed: done, in a final block. Reverted: the contract refused it, in a final block. Displaced: the nonce was used by a transaction of somebody else with the same key. Cancelled, Expired, Rejected: a transaction that does nothing used the nonce, because somebody asked for it, the effect came too late, or the node would never take it. Absent: not ended.',
  ),
  outcomeTime: z.iso.datetime().exactOptional().describe('When the outcome was known.'),
  revertReason: z
    .string()
    .max(1024)
    .exactOptional()
    .describe('Why the contract refused it, as far as the node says.'),
  displacedBy: hash().exactOptional().describe('The hash of the transaction that used the nonce instead.'),
  conditions: conditions(
    'Ready (True: done, in a final block), Reconciling (while the outcome is open), Stalled (it ended otherwise)',
  ),
});
export type ChainTransactionStatus = z.infer<typeof ChainTransactionStatus>;
