import { wei } from '../../../src/chain/amounts/amount.ts';
import type { AllowedCall } from '../../../src/chain/signing/allow-list.ts';
import type { UnsignedTransaction } from '../../../src/chain/signing/transaction.ts';

export const STAKE_MANAGER = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
export const STAKE = '0xa694fc3a';

/** What the accounts of the tests may send. */
export const allowed: readonly AllowedCall[] = [{ to: STAKE_MANAGER, selector: STAKE }];

/** A call that is allowed. */
export const stakeCall: UnsignedTransaction = {
  chainId: 31337n,
  nonce: 7,
  to: STAKE_MANAGER,
  valueWei: wei(0n),
  data: `${STAKE}${'5'.padStart(64, '0')}`,
  gasLimit: 100_000n,
  maxFeePerGas: wei(30n * 10n ** 9n),
  maxPriorityFeePerGas: wei(2n * 10n ** 9n),
};
