import * as z from 'zod';
import { address, coinAmount, tokenAmount } from '../schema/chain-fields.ts';
import { celRules } from '../schema/kind.ts';
import { objectName } from '../secret-key.ts';
import { SignerSource } from './signer.ts';

const Stake = z
  .object({
    type: z
      .enum(['PerPool', 'Fixed'])
      .default('PerPool')
      .describe(
        'How much stake is wanted. PerPool: what the MinerPools that name the account need. Fixed: the amount.',
      ),
    amount: tokenAmount()
      .exactOptional()
      .describe('With the type Fixed: the stake, in the token of the network.'),
    max: tokenAmount()
      .exactOptional()
      .describe(
        'The most that Headframe may have staked, in the token of the network: it never adds to a stake beyond it. Needed to stake anything with the type PerPool.',
      ),
    surplus: z
      .enum(['Keep', 'Thaw'])
      .default('Keep')
      .describe(
        'What becomes of stake that is not wanted any more. Keep: it stays, ready for the next replica. Thaw: it is taken out as soon as the network allows, and paid back to the account.',
      ),
  })
  .meta(
    celRules({
      rule: "(self.type == 'Fixed') == has(self.amount)",
      message: 'must set amount when type is Fixed, and only then',
    }),
  );

const SpendCap = z.object({
  perDay: coinAmount()
    .default('0.05')
    .describe('What gas may cost in any 24 hours, in the coin of the chain. 0: nothing is sent.'),
  reservedForDuties: coinAmount()
    .default('0.01')
    .describe('The part of it that only duties with a deadline may use, in the coin of the chain.'),
});

const Claim = z.object({
  enabled: z
    .boolean()
    .default(true)
    .describe('Whether to have rewards paid. Where they go the account itself has said on chain.'),
  minimum: tokenAmount()
    .default('1')
    .describe('Nothing is claimed before there is as much to claim, in the token of the network.'),
  maxGasPercent: z
    .int32()
    .min(1)
    .max(100)
    .default(10)
    .describe(
      'The most that a claim’s gas may cost in the worst case, in percent of what is claimed. Heeded where the network says where the prices of both token and coin come from; while one of them is not known, a claim waits.',
    ),
});

/** What is wanted of an account. Defaults are filled in by the API server, so a spec that is read has them. */
export const StakeAccountSpec = z
  .object({
    networkRef: z
      .object({ name: objectName().describe('Name of the StakingNetwork.') })
      .meta(celRules({ rule: 'self == oldSelf', message: 'may not change: make another StakeAccount' }))
      .describe('The network that the account is on.'),
    address: address()
      .meta(
        celRules(
          {
            rule: "self.matches('^0x[0-9a-fA-F]{40}$')",
            message: 'must be an address: 0x and 40 hexadecimal digits',
          },
          { rule: 'self == oldSelf', message: 'may not change: make another StakeAccount' },
        ),
      )
      .describe('The account on chain that owns the stake.'),
    mode: z
      .enum(['Observe', 'Manage'])
      .default('Observe')
      .describe(
        'Observe: the account is read and shown, and nothing is ever sent. Manage: Headframe stakes, registers miners and does the account’s duties, within the caps.',
      ),
    signer: SignerSource.exactOptional().describe('Who signs. Needed with the mode Manage.'),
    stake: Stake.prefault({}).describe('How much stake is wanted.'),
    spendCap: SpendCap.prefault({}).describe('What gas may cost.'),
    checkIn: z
      .boolean()
      .default(true)
      .describe('Whether to do the duty of each epoch: an epoch without a check-in earns nothing.'),
    claim: Claim.prefault({}).describe('When rewards are claimed.'),
    suspend: z
      .boolean()
      .default(false)
      .describe(
        'Whether to pause: true signs and sends nothing. What was sent before is watched until it is final.',
      ),
    deletionPolicy: z
      .enum(['Retain', 'Withdraw'])
      .default('Retain')
      .describe(
        'What becomes of the stake when this object is deleted. Retain: nothing, it stays on chain. Withdraw: the miners are deregistered and all stake is thawed and paid back to the account first; the object stays until that is done, which takes as long as stake thaws.',
      ),
  })
  .meta(
    celRules({
      rule: "self.mode != 'Manage' || has(self.signer)",
      message: 'must set signer when mode is Manage',
    }),
  );
export type StakeAccountSpec = z.infer<typeof StakeAccountSpec>;
