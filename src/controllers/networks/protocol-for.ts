import type { Immutable } from '../../api/kube-object.ts';
import type { StakingNetworkSpec } from '../../api/staking-network/spec.ts';
import { headframeProtocol } from '../../chain/protocols/headframe/headframe-protocol.ts';
import type { StakingProtocol } from '../../chain/protocols/protocol.ts';

/**
 * The rules that a network's contracts follow.
 * @throws TypeError for a spec that the rules of the CRD refuse
 */
export function protocolFor({ protocol, multicall3 }: Immutable<StakingNetworkSpec>): StakingProtocol {
  if (protocol.headframe === undefined) {
    throw new TypeError('spec.protocol.headframe must be set when its type is Headframe');
  }
  return headframeProtocol({ ...protocol.headframe, multicall3 });
}
