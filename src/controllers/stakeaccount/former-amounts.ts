import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccountStatus } from '../../api/stake-account/status.ts';
import { AmountError } from '../../chain/amounts/amount.ts';
import { parseTokens } from '../../chain/amounts/decimal.ts';

/**
 * What is counted in a status goes on from what it says. That cannot be where the token has fewer digits now: a sum would be another.
 * @param decimals of the token now
 * @throws AmountError that says which amount it is, and what to do
 */
export function checkFormerAmounts(
  status: Immutable<StakeAccountStatus> | undefined,
  decimals: number,
): void {
  for (const [field, text] of countedAmounts(status)) {
    try {
      parseTokens(text, decimals);
    } catch (error) {
      if (error instanceof AmountError) {
        throw new AmountError(
          `status.${field} is ${text}, and the token has ${decimals} digits after the point now: it is not the token that this was counted in. See whether the StakingNetwork names the right contracts; if it does, make another StakeAccount`,
          { cause: error },
        );
      }
      throw error;
    }
  }
}

function countedAmounts(
  status: Immutable<StakeAccountStatus> | undefined,
): readonly (readonly [string, string])[] {
  const { slashed, rewards, pools = [] } = status ?? {};
  return [
    ...(slashed === undefined ? [] : [['slashed.tokens', slashed.tokens] as const]),
    ...(rewards === undefined
      ? []
      : [
          ['rewards.claimed', rewards.claimed] as const,
          ['rewards.unattributed', rewards.unattributed] as const,
          ...rewards.open.map(({ epoch, amount }) => [`rewards.open[${epoch}].amount`, amount] as const),
        ]),
    ...pools.map(
      ({ name, rewardsClaimed = '0' }) => [`pools[${name}].rewardsClaimed`, rewardsClaimed] as const,
    ),
  ];
}
