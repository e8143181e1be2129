import { setConditions } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { MAX_THAWS, StakeAccountStatus } from '../../api/stake-account/status.ts';
import { type TokenUnits, tokenUnits } from '../../chain/amounts/amount.ts';
import { formatEth, formatTokens } from '../../chain/amounts/decimal.ts';
import { isLive } from '../../chain/engine/entry.ts';
import { rfc3339 } from '../../time/clock.ts';
import { minimumOf } from '../rewards/claim-choice.ts';
import { keptFigures, rewardFigures } from '../rewards/reward-ledger.ts';
import { sharesOf } from '../rewards/shares.ts';
import { slashedFigures } from '../slashes/slash-ledger.ts';
import type { SeenAccount, Standing } from './standing.ts';
import { statements } from './statements.ts';

/**
 * The one derivation of an account's status. Pure.
 * @param now milliseconds since 1970
 */
export function statusOf(
  account: Immutable<StakeAccount>,
  standing: Standing,
  now: number,
): StakeAccountStatus {
  const { generation } = account.metadata;
  return {
    ...(standing.kind === 'seen' ? figures(account, standing) : lastFigures(account)),
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    conditions: setConditions(account.status?.conditions, statements(account, standing, now), {
      now,
      generation,
    }),
  };
}

type Figures = Omit<StakeAccountStatus, 'observedGeneration' | 'conditions'>;

/** What is known stays true until there is an answer: pools keep what they were allotted. */
function lastFigures({ status }: Immutable<StakeAccount>): Figures {
  const {
    observedGeneration: _generation,
    conditions: _conditions,
    ...before
  } = StakeAccountStatus.parse(status ?? {});
  return before;
}

function figures(account: Immutable<StakeAccount>, seen: SeenAccount): Figures {
  const { spec, status } = account;
  const { network, state, goal, entries, tag } = seen;
  const { token, epoch } = network.facts;
  const text = (amount: TokenUnits): string => formatTokens(amount, token.decimals);
  const { provisioned, maxStaked } = goal.desired;
  const slashed = slashedFigures(status?.slashed, seen.slashes, token.decimals);
  const checkedInEpoch = state.checkedIn && epoch !== undefined ? epoch.number : status?.checkedInEpoch;
  return {
    chainId: Number(network.chainId),
    minerTag: tag,
    stake: {
      desired: text(provisioned < maxStaked ? provisioned : maxStaked),
      provisioned: text(state.provisioned),
      idle: text(state.idle),
      thawing: text(state.thawing),
      required: text(state.required),
    },
    thaws: [...state.thaws]
      .sort((a, b) => a.dueAt - b.dueAt)
      .slice(0, MAX_THAWS)
      .map(({ tokens, dueAt }) => ({ tokens: text(tokens), dueTime: rfc3339(dueAt) })),
    ...(slashed === undefined ? {} : { slashed }),
    wallet: { tokens: text(tokenUnits(state.walletTokens)), coin: formatEth(state.coin) },
    miners: { registered: goal.registered, foreign: goal.foreign },
    ...(checkedInEpoch === undefined ? {} : { checkedInEpoch }),
    ...nextDuty(spec, seen),
    openTransactions: entries.filter(isLive).length,
    ...earned(account, seen),
  };
}

/** Where rewards are not looked at what was counted of them stays. */
function earned(
  { spec, status }: Immutable<StakeAccount>,
  { network, state, miners, goal, tag, rewards: look }: SeenAccount,
): Pick<Figures, 'rewards' | 'pools'> {
  const { decimals } = network.facts.token;
  const { pools } = goal;
  if (look?.isUnread !== false) {
    return keptFigures({ before: status, pools, decimals });
  }
  return rewardFigures({
    before: status,
    look,
    shares: () => sharesOf(pools, state, miners, tag),
    minimum: minimumOf(spec, decimals),
    decimals,
    pools,
  });
}

function nextDuty(
  { mode }: Immutable<StakeAccount['spec']>,
  { network, state, goal }: SeenAccount,
): Pick<Figures, 'nextDuty'> {
  const { epoch } = network.facts;
  if (
    epoch === undefined ||
    mode === 'Observe' ||
    !goal.desired.checksIn ||
    state.miners === 0 ||
    state.checkedIn
  ) {
    return {};
  }
  return { nextDuty: { kind: 'CheckIn', dueTime: rfc3339(epoch.endsAt) } };
}

/** A merge patch takes away only what it says is null. */
export function cleared(
  status: StakeAccountStatus,
  before: Immutable<StakeAccountStatus> | undefined,
): object {
  return before?.nextDuty !== undefined && status.nextDuty === undefined
    ? { ...status, nextDuty: null }
    : status;
}
