import type { EndpointState } from '../../api/staking-network/status.ts';
import type { Reason } from '../../api/reasons.ts';
import type { NetworkFacts } from '../../chain/protocols/protocol.ts';
import type { LookedAt } from './network-view.ts';

/** How one endpoint is. */
export interface EndpointLook {
  readonly name: string;
  readonly state: EndpointState;
  /** Empty when it is up. */
  readonly message: string;
}

/** How far a look came before it failed, and why it did. */
export interface LookFailure {
  readonly kind: 'failed';
  /** Endpoints: none answers. Chain: all serve another. Contracts: they could not be read, or are others. */
  readonly at: 'Endpoints' | 'Chain' | 'Contracts';
  readonly reason: Reason;
  readonly message: string;
}

/** All was read, at one block. */
export interface LookSuccess {
  readonly kind: 'read';
  readonly facts: NetworkFacts;
  readonly block: LookedAt;
  /** How old the block was when it was looked at, in milliseconds. */
  readonly headAgeMs: number;
}

/** What one look at a network showed. */
export interface NetworkLook {
  /** In the order of the spec. */
  readonly endpoints: readonly EndpointLook[];
  readonly found: LookSuccess | LookFailure;
}

/** Whether what is wrong may be over in a moment: an answer that was lost, or that is of another block than was asked for. */
export function mayPass(reason: Reason): boolean {
  return reason === 'EndpointsUnreachable' || reason === 'ProtocolReadFailed';
}
