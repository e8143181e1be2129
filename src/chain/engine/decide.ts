import { nonceOf } from './entry.ts';
import type { ForeignNonces, Plan } from './plan.ts';
import { policies } from './policies.ts';
import { type Scope, type Situation, scopeOf } from './scope.ts';

/**
 * What should be done about the transactions of an account now, and why not more. Pure: the wanted intents, the known entries, what one
 * node says of the chain, and the time in; a plan out. Steps are done in their order; of those that enter intents as many as there is room
 * for, each with the next nonce (see round.ts).
 */
export function decide(situation: Situation): Plan {
  const scope = scopeOf(situation);
  const advice = policies.map((policy) => policy(scope));
  return {
    steps: advice.flatMap(({ steps = [] }) => steps),
    holds: advice.flatMap(({ holds = [] }) => holds),
    foreign: foreignNonces(scope),
  };
}

/** The highest nonces that are used, and by nothing that is known: between the entries, or above them. */
function foreignNonces({ placed, view }: Scope): ForeignNonces | undefined {
  const known = new Set(placed.map(({ entry }) => nonceOf(entry)));
  const lowest = placed[0];
  if (lowest === undefined) {
    return undefined;
  }
  let to = view.nonce - 1;
  while (to > nonceOf(lowest.entry) && known.has(to)) {
    to--;
  }
  if (to <= nonceOf(lowest.entry)) {
    return undefined;
  }
  let from = to;
  while (!known.has(from - 1)) {
    from--;
  }
  return { from, to, hash: view.users.get(to)?.hash };
}
