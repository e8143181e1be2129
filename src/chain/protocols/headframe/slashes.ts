import { tokenUnits } from '../../amounts/amount.ts';
import { stakeManager } from '../../contracts/generated/stake-manager.ts';
import type { ChainEvent } from '../../events/chain-event.ts';
import type { EventFilter } from '../../events/event-source.ts';
import type { NetworkFacts, Slash } from '../protocol.ts';
import { addressesOf } from './addresses.ts';

const { Slashed } = stakeManager.events;

/** The logs of all slashes of the StakeManager, whoever was slashed. */
export function slashFilter(facts: NetworkFacts): EventFilter {
  return { addresses: [addressesOf(facts).stakeManager], topics: [Slashed.topic] };
}

/** What such a log says. Undefined: it is of a provision behind another service than the MinerRegistry, or no slash. Pure. */
export function slashOf(facts: NetworkFacts, event: ChainEvent): Slash | undefined {
  const { stakeManager: manager, minerRegistry } = addressesOf(facts);
  const said = isSame(event.address, manager) ? Slashed.decode(event) : undefined;
  return said === undefined || !isSame(said.service, minerRegistry)
    ? undefined
    : {
        address: said.provider.toLowerCase(),
        tokens: tokenUnits(said.tokens),
        block: event.blockNumber,
      };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
