import type { Holdings, Move } from '../../chain/protocols/protocol.ts';
import type { UsableNetwork } from '../../controllers/networks/network-view.ts';
import type { RewardLook } from '../../controllers/rewards/reward-look.ts';
import type { Draw, Picture } from '../../controllers/stakeaccount/work.ts';

/** A move, with what it makes of the account. */
export interface ForeseenStep {
  readonly move: Move;
  /** Whether the chain would take it in the present state; else those before it have to be done first. */
  readonly isNow: boolean;
  readonly before: Holdings;
  readonly after: Holdings;
}

/** What is to be done now, and what that leads to. */
export interface Foresight {
  /** As it is. */
  readonly picture: Picture;
  readonly steps: readonly ForeseenStep[];
  /** What the account is like after all steps. */
  readonly end: Holdings;
}

/** From approval to registered miners it takes four; whatever turns in circles is left there. */
const MOST_ROUNDS = 16;

/** An account as it is. */
export interface Beginning extends Holdings {
  /** Undefined: the network has no rewards. */
  readonly rewards?: RewardLook | undefined;
}

/**
 * Plans, takes all moves for done, and plans again, until nothing is left to do. What waits for something but moves, such as pods that
 * end before their miners go, or stake that thaws, is not foreseen. Pure.
 * @param now milliseconds since 1970
 */
export function foresight(
  { protocol, facts }: Pick<UsableNetwork, 'protocol' | 'facts'>,
  draw: Draw,
  start: Beginning,
  now: number,
): Foresight {
  const picture = draw(start.state, start.miners, start.rewards);
  const steps: ForeseenStep[] = [];
  let { moves } = picture.plan;
  let end: Holdings = { state: start.state, miners: start.miners };
  for (let round = 0; moves.length > 0 && round < MOST_ROUNDS; round++) {
    for (const move of moves) {
      const before = end;
      end = protocol.foresee(facts, before, move, now);
      steps.push({ move, isNow: round === 0, before, after: end });
    }
    ({ moves } = draw(end.state, end.miners).plan);
  }
  return { picture, steps, end };
}
