import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccountSpec } from '../../api/stake-account/spec.ts';
import { parseEth } from '../../chain/amounts/decimal.ts';
import { ENGINE_DEFAULTS, type EnginePolicy } from '../../chain/engine/engine-policy.ts';
import type { UsableNetwork } from '../networks/network-view.ts';

/** So many transactions of an account may wait for their blocks at a time... */
const WINDOW = 8;
/** ...and two of those that are no duties: then a duty never waits for what itself waits for cheap gas. */
const KEPT_FOR_DUTIES = 6;

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
    keptForDuties: KEPT_FOR_DUTIES,
    fees,
    spend: {
      capWei: parseEth(spendCap.perDay),
      essentialReserveWei: parseEth(spendCap.reservedForDuties),
    },
    confirmations,
    suspended: suspend || dryRun || mode === 'Observe',
  };
}
