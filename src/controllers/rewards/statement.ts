import { type Statement, condition } from '../../api/conditions.ts';
import type { RewardLook } from './reward-look.ts';

/** Whether it is known what an account has earned. Nothing where its network has no rewards. */
export function rewardsKnown(look: RewardLook | undefined): readonly Statement[] {
  if (look === undefined) {
    return [];
  }
  if (look.problem !== undefined) {
    return [condition('RewardsKnown', false, 'RewardProofsUnreadable', look.problem)];
  }
  if (look.isUnread) {
    return [condition('RewardsKnown', 'Unknown', 'RewardProofsUnread')];
  }
  const wrong = look.claims.filter(({ standing }) => standing === 'Disproved').map(({ epoch }) => epoch);
  return [
    wrong.length === 0
      ? condition('RewardsKnown', true, 'RewardsRead')
      : condition(
          'RewardsKnown',
          false,
          'RewardProofsWrong',
          `the proofs for epoch ${wrong.join(', ')} do not fit the roots on chain: nothing is claimed for them`,
        ),
  ];
}
