import type { Reason } from '../../api/reasons.ts';
import type { ForeignNonces, Hold } from '../../chain/engine/plan.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import type { UsableNetwork } from '../networks/network-view.ts';
import type { SlashLook } from '../slashes/slash-look.ts';
import type { SignerLook } from './signers.ts';
import type { Picture } from './work.ts';

/** Why nothing can be said or done about an account. */
export interface Obstacle {
  readonly reason: Reason;
  readonly message: string;
  /** Whether only the user can mend it. */
  readonly isStalled: boolean;
}

/** What a look at an account gave: its status is derived from this alone. */
export type Standing =
  /** It cannot be read. What was known of it stays to be seen. */
  { readonly kind: 'unread'; readonly obstacle: Obstacle } | SeenAccount;

export interface SeenAccount extends Picture {
  readonly kind: 'seen';
  readonly network: Pick<UsableNetwork, 'name' | 'chainId' | 'facts'>;
  readonly tag: string;
  /** The account's ChainTransactions on this chain. */
  readonly entries: readonly Entry[];
  /** Absent: slashes are not looked for. */
  readonly slashes?: SlashLook | undefined;
  /** Why what is wanted is not done. */
  readonly holds: readonly Hold[];
  readonly foreign: ForeignNonces | undefined;
  /** Undefined: nobody has asked for a signature. */
  readonly signer: SignerLook | undefined;
  /** Another StakeAccount manages the same account, or what else keeps this one from doing anything. */
  readonly obstacle: Obstacle | undefined;
  /** Pools that cannot be understood, for people. */
  readonly problems: readonly string[];
  /** The operator signs and sends nothing. */
  readonly dryRun: boolean;
}
