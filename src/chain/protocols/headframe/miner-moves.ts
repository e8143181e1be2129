import type { Miner, Move } from '../protocol.ts';
import { required } from './required.ts';
import type { Scope } from './scope.ts';

/** Miners in one transaction: 3.4 million gas for new ones, measured; Ethereum takes 16.7 million (EIP-7825). */
const BATCH = 64;
/** MinerRegistry keeps the size as a uint32. */
const MAX_MILLI_UNITS = 2 ** 32 - 1;

/** Takes off the miners that are not wanted. */
export function deregisterMoves({ desired, moves, isOpen }: Scope): Move[] {
  const ids = [...new Set(desired.deregister)].sort();
  return isOpen.MinerRegistry ? batches(ids).map((batch) => moves.deregister(batch)) : [];
}

/** Adds the miners that can be added. */
export function registerMoves({ moves }: Scope, miners: readonly Miner[]): Move[] {
  const sorted = [...miners].sort((a, b) => (a.id < b.id ? -1 : 1));
  return batches(sorted).map((batch) => moves.register(batch));
}

/** Of the miners to add, in their order, those that the stake covers as it is now. */
export function coveredMiners(scope: Scope): readonly Miner[] {
  const { facts, state, isOpen } = scope;
  if (!isOpen.MinerRegistry || !hasTerms(scope)) {
    return [];
  }
  let { miners, milliUnits } = state;
  const covered: Miner[] = [];
  for (const miner of addableMiners(scope)) {
    miners += 1;
    milliUnits += miner.milliUnits;
    if (required(facts.terms, miners, milliUnits) > state.provisioned) {
      break;
    }
    covered.push(miner);
  }
  return covered;
}

/** Where the network has changed its terms since the stake was provisioned, no miner can be added before the stake has them too. */
export function termsMoves(scope: Scope): Move[] {
  const { facts, state, moves, isOpen } = scope;
  if (addableMiners(scope).length === 0 || !isOpen.StakeManager) {
    return [];
  }
  if (state.outdatedTerms === 'Unstaged') {
    return [moves.stageTerms(facts.terms)];
  }
  return state.outdatedTerms === 'Staged' && isOpen.MinerRegistry ? [moves.acceptTerms(facts.terms)] : [];
}

/** One that is to be taken off first cannot be added before it is. */
function addableMiners({ desired }: Scope): readonly Miner[] {
  const leaving = new Set(desired.deregister);
  const byId = new Map(desired.register.map((miner) => [miner.id, miner]));
  return [...byId.values()].filter(
    ({ id, milliUnits }) => !leaving.has(id) && milliUnits > 0 && milliUnits <= MAX_MILLI_UNITS,
  );
}

/** Without a provision only a network whose terms ask for nothing takes a miner. */
function hasTerms({ facts, state }: Scope): boolean {
  const { thawingSeconds, maxVerifierCutPpm } = facts.terms;
  return state.hasProvision
    ? state.outdatedTerms === undefined
    : thawingSeconds === 0 && maxVerifierCutPpm === 0;
}

function batches<Item>(items: readonly Item[]): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );
}
