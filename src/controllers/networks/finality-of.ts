import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetworkSpec } from '../../api/staking-network/spec.ts';
import type { FinalityRule } from '../../chain/reads/finality.ts';

/** When a block of the network is taken to stay for ever. */
export function finalityOf({ type, depth }: Immutable<StakingNetworkSpec['finality']>): FinalityRule {
  return type === 'Depth' ? { kind: 'depth', confirmations: depth } : { kind: 'tag' };
}
