import type { FinalityRule } from '../../chain/reads/finality.ts';
import type { FeePolicy } from '../../chain/fees/fee-policy.ts';
import type { AccountState, NetworkFacts, StakingProtocol } from '../../chain/protocols/protocol.ts';
import type { RpcPool } from '../../chain/rpc/rpc-pool.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Prices, PricesStatus } from '../../api/staking-network/prices.ts';
import type { Reason } from '../../api/reasons.ts';

/** A block that was looked at. */
export interface LookedAt {
  readonly number: number;
  readonly hash: string;
  /** Milliseconds since 1970, as the chain has it. */
  readonly time: number;
}

/** A network that can be used. */
export interface UsableNetwork {
  readonly kind: 'usable';
  readonly name: string;
  readonly chainId: bigint;
  readonly pool: RpcPool;
  readonly protocol: StakingProtocol;
  /** As of the last look. */
  readonly facts: NetworkFacts;
  readonly block: LookedAt;
  readonly fees: FeePolicy;
  readonly finality: FinalityRule;
  readonly confirmations: number;
  readonly pollMs: number;
  /** As its status has them, in US dollars. */
  readonly prices?: Immutable<PricesStatus> | undefined;
  /** Where they come from. */
  readonly priceSources?: Immutable<Prices> | undefined;
}

/** A StakingNetwork, as its accounts see it. */
export type NetworkView =
  | UsableNetwork
  /** It has not been looked at yet. */
  | { readonly kind: 'connecting' }
  /** There is no StakingNetwork of the name. */
  | { readonly kind: 'missing' }
  /** It cannot be used, and why: what its Ready condition says. */
  | { readonly kind: 'away'; readonly reason: Reason; readonly message: string };

/** All StakingNetworks, each with its connections. Shared by the controllers of networks and of accounts. */
export interface Networks {
  /** What is known of a network, without asking anybody. */
  view(name: string): NetworkView;
  /**
   * What the last look showed of an account on a network, read together with all other accounts of it at one block. Undefined: it has
   * not been read yet.
   * @param address in any capitals
   */
  stateOf(name: string, address: string): AccountState | undefined;
  /**
   * Told of every network whose view has become another kind, reason or epoch, or whose facts changed; and of every account whose
   * state has changed, or has been read for the first time.
   */
  listen(listener: NetworksListener): void;
}

export interface NetworksListener {
  networkChanged(name: string): void;
  accountChanged(network: string, address: string): void;
  /** A new block was looked at: accounts with transactions under way look at theirs. */
  blockSeen(network: string): void;
}
