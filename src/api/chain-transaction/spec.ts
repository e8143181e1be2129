import * as z from 'zod';
import { address, hash, hexBytes, weiAmount } from '../schema/chain-fields.ts';
import { type CelRule, celRules } from '../schema/kind.ts';

/** The most bytes of call data. With all attempts the object stays below what etcd takes. */
export const MAX_DATA_BYTES = 16_384;

/** What the signature and the fields around the data add to a raw transaction, in bytes, generously. */
const MAX_ENVELOPE_BYTES = 512;

/** The most raw transactions that may be signed for one nonce. */
export const MAX_ATTEMPTS = 16;

/** Why a raw transaction was signed. First and Fees do what is intended, the others nothing: they only use the nonce up. */
export const AttemptCause = z.enum(['First', 'Fees', 'Expired', 'Requested', 'Refused', 'Gap']);
export type AttemptCause = z.infer<typeof AttemptCause>;

const unchanged: CelRule = { rule: 'self == oldSelf', message: 'may not change: it is what was signed' };

/** One effect on chain that somebody wants. */
export const Intent = z.object({
  id: hash().describe(
    'What the effect means, as a hash: the same effect has the same id, and is never sent twice.',
  ),
  kind: z
    .string()
    .min(1)
    .max(63)
    .regex(/^[A-Z][A-Za-z0-9]*$/)
    .describe('What is done, in CamelCase, such as ClaimRewards. NoOp: nothing, to fill a gap of nonces.'),
  to: address().describe('The account or contract that is called.'),
  data: hexBytes(MAX_DATA_BYTES).describe('The call data, in hexadecimal digits. 0x: none.'),
  valueWei: weiAmount().describe('How much of the chain’s coin goes with the call, in wei.'),
  urgency: z
    .enum(['Optional', 'Essential'])
    .describe(
      'Optional: waits for gas at the target price. Essential: a duty; may cost more, the nearer its end is, up to the maximum.',
    ),
  availableTime: z.iso
    .datetime()
    .exactOptional()
    .describe('When an essential effect could first be wanted: its urgency grows from then on.'),
  dueTime: z.iso
    .datetime()
    .exactOptional()
    .describe('When an essential effect must be included: from then on the maximum may be paid.'),
  expiryTime: z.iso
    .datetime()
    .exactOptional()
    .describe('When the effect is of no use any more: what is not included by then is cancelled.'),
});
export type Intent = z.infer<typeof Intent>;

const Attempt = z
  .object({
    hash: hash().describe('The hash of the transaction.'),
    raw: hexBytes(MAX_DATA_BYTES + MAX_ENVELOPE_BYTES).describe(
      'The signed transaction as it is broadcast, in hexadecimal digits.',
    ),
    cause: AttemptCause.describe(
      'Why it was signed. First: the effect itself. Fees: the same at higher fees. Expired, Requested, Refused, Gap: a transaction of the account to itself that does nothing, because the effect came too late, somebody asked for it, the node would never take it, or the nonce was left out.',
    ),
    gasLimit: z.int().min(21_000).describe('The most units of gas that it may use.'),
    maxFeePerGasWei: weiAmount().describe('The most it pays for a unit of gas, in wei.'),
    maxPriorityFeePerGasWei: weiAmount().describe('Of that the tip, in wei.'),
    signedTime: z.iso.datetime().describe('When it was signed.'),
    signedBlock: z.int().min(0).describe('The number of the latest block when it was signed.'),
  })
  .meta(celRules(unchanged));
export type Attempt = z.infer<typeof Attempt>;

/** What was authorised and signed. Whoever reads it can broadcast it, without the key. */
export const ChainTransactionSpec = z.object({
  accountRef: z
    .object({ name: z.string().min(1).max(253).describe('Name of the StakeAccount.') })
    .meta(celRules(unchanged))
    .describe('The StakeAccount, of the same namespace, that the transaction is of.'),
  address: address()
    .meta(celRules({ rule: "self.matches('^0x[0-9a-fA-F]{40}$')", message: 'must be an address' }, unchanged))
    .describe('The account on chain whose nonce it is.'),
  chainId: z.int().min(1).meta(celRules(unchanged)).describe('The chain’s id.'),
  sequence: z
    .int()
    .min(0)
    .meta(celRules(unchanged))
    .describe(
      'The place among all transactions of the account: the name follows from it, so that each is given once.',
    ),
  nonce: z.int().min(0).meta(celRules(unchanged)).describe('The account’s nonce that this object reserves.'),
  intent: Intent.meta(celRules(unchanged)).describe('What the transaction is to do.'),
  maxCostWei: weiAmount()
    .meta(
      celRules(
        {
          rule: "self.matches('^(0|[1-9][0-9]*)$')",
          message: "must be a whole number of wei in decimal digits, such as '1500000000'",
        },
        unchanged,
      ),
    )
    .describe(
      'The most that any of the attempts may cost with its value, in wei. So much of the spend cap is reserved until the outcome is known.',
    ),
  attempts: z
    .array(Attempt)
    .min(1)
    .max(MAX_ATTEMPTS)
    .meta({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['hash'],
      ...celRules({
        rule: 'oldSelf.all(old, self.exists(one, one.hash == old.hash))',
        message: 'may only grow: what was signed may have been broadcast',
      }),
    })
    .describe(
      'Every raw transaction that was signed for the nonce, the latest last. At most one of them can be included.',
    ),
});
export type ChainTransactionSpec = z.infer<typeof ChainTransactionSpec>;
