import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { parseEth } from '../../chain/amounts/decimal.ts';
import { ENGINE_DEFAULTS, type EnginePolicy } from '../../chain/engine/engine-policy.ts';
import type { UsableNetwork } from '../networks/network-view.ts';

/** Room for a duty beside whatever else waits for its block. */
const WINDOW = 2;

/**
 * What the engine may do with an account.
 * @param dryRun the whole operator signs and sends nothing
 * @throws AmountError
 */
export function enginePolicyOf(
  { spendCap, suspend, mode }: Immutable<StakeAccountSpec>,
  { fees, confirmations }: Pick<UsableNetwork, 'fees' | 'confirmations'>,
  dryRun: boolean,
): EnginePolicy {
  return {
    ...ENGINE_DEFAULTS,
    window: WINDOW,
    fees,
    spend: {
      capWei: parseEth(spendCap.perDay),
      essentialReserveWei: parseEth(spendCap.reservedForDuties),
    },
    confirmations,
    suspended: suspend || dryRun || mode === 'Observe',
  };
}
