import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetworkSpec } from '../../api/staking-network/spec.ts';
import { AmountError, wei } from '../../chain/amounts/amount.ts';
import type { Wei } from '../../chain/amounts/amount.ts';
import { parseEth, parseGwei } from '../../chain/amounts/decimal.ts';
import { BUMP_LIMITS } from '../../chain/fees/fee-limits.ts';
import type { FeePolicy } from '../../chain/fees/fee-policy.ts';

type FeeSpec = Immutable<StakingNetworkSpec['fees']>;

/**
 * What a network's spec allows gas to cost.
 * @throws AmountError for a number that no contract could hold, with the name of the field
 */
export function feePolicyOf(fees: FeeSpec): FeePolicy {
  const read = (field: keyof FeeSpec, parse: (text: string) => Wei): Wei => {
    try {
      return parse(fees[field]);
    } catch (error) {
      throw error instanceof AmountError ? new AmountError(`spec.fees.${field}: ${error.message}`) : error;
    }
  };
  return {
    targetFeePerGas: read('targetFeeGwei', parseGwei),
    maxFeePerGas: read('maxFeeGwei', parseGwei),
    maxPriorityFeePerGas: read('maxPriorityFeeGwei', parseGwei),
    minPriorityFeePerGas: read('minPriorityFeeGwei', parseGwei),
    // An idle chain has a base fee of next to nothing, and takes offers of as little.
    minBaseFeePerGas: wei(0n),
    maxCostWei: read('maxTransactionCost', parseEth),
    bumpLimits: BUMP_LIMITS,
  };
}
