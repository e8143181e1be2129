import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { approximate, parseEth } from '../../chain/amounts/decimal.ts';
import { wei } from '../../chain/amounts/amount.ts';
import { ledgerOf } from '../../chain/engine/spending.ts';
import { remainingWei } from '../../chain/spending/spend-cap.ts';
import type { Clock } from '../../time/clock.ts';
import { BY_ACCOUNT, type StakeCaches } from '../caches.ts';
import { type LiveMetric, type Series, single, states } from '../usage/live-metrics.ts';
import type { TransactionCounter } from './transaction-counts.ts';

export interface AccountMetricsParts {
  readonly caches: StakeCaches;
  readonly clock: Pick<Clock, 'now'>;
  readonly counts: TransactionCounter;
}

type Account = Immutable<StakeAccount>;

/** What a metric says of one account; its network and name are added. */
interface AccountMetric extends Omit<LiveMetric, 'series' | 'kind'> {
  readonly kind?: LiveMetric['kind'];
  readonly of: (account: Account) => readonly Series[];
}

/** The metrics of accounts: 26 series each, and two for each further kind of transaction. Amounts are rounded to 53 bits. */
export function accountMetrics(parts: AccountMetricsParts): readonly LiveMetric[] {
  return [...standing, ...work(parts)].map(({ of, labelNames, kind = 'gauge', ...named }) => ({
    ...named,
    kind,
    labelNames: ['network', 'namespace', 'account', ...labelNames],
    series: () =>
      [...parts.caches.accounts.store.list()].flatMap((account) =>
        of(account).map(({ labels, value }) => ({ labels: { ...nameOf(account), ...labels }, value })),
      ),
  }));
}

function nameOf({ metadata, spec }: Account): Readonly<Record<string, string>> {
  return {
    network: spec.networkRef.name,
    namespace: metadata.namespace ?? '',
    account: metadata.name,
  };
}

const standing: readonly AccountMetric[] = [
  {
    name: 'headframe_stakeaccount_info',
    help: 'Always 1; the labels say which account on chain it is, and whether it is managed.',
    labelNames: ['address', 'mode'],
    of: ({ spec }) => [{ labels: { address: spec.address.toLowerCase(), mode: spec.mode }, value: 1 }],
  },
  {
    name: 'headframe_stake_tokens',
    help: 'Stake of the account, as in its status, in tokens.',
    labelNames: ['state'],
    of: ({ status }) =>
      states(
        Object.fromEntries(Object.entries(status?.stake ?? {}).map(([state, text]) => [state, Number(text)])),
      ),
  },
  {
    name: 'headframe_account_wallet_tokens',
    help: 'Tokens that the account holds and has not staked.',
    labelNames: [],
    of: ({ status }) => single(numberOf(status?.wallet?.tokens)),
  },
  {
    name: 'headframe_gas_balance_eth',
    help: 'What the account has for gas, in the coin of the chain.',
    labelNames: [],
    of: ({ status }) => single(numberOf(status?.wallet?.coin)),
  },
  {
    name: 'headframe_account_miners',
    help: 'Miners of the account on chain: those of its pools, and others.',
    labelNames: ['state'],
    of: ({ status }) => states({ ...status?.miners }),
  },
  {
    name: 'headframe_rewards_accrued_tokens',
    help: 'What the account has earned and not been paid, in tokens: claimable, and pending. No series while it is not known.',
    labelNames: ['state'],
    of: ({ status }) =>
      states({
        claimable: numberOf(status?.rewards?.claimable),
        pending: numberOf(status?.rewards?.pending),
      }),
  },
  {
    name: 'headframe_rewards_claimed_tokens_total',
    help: 'What the account was paid, in tokens, as its status counts it: a restart takes nothing back.',
    labelNames: [],
    kind: 'counter',
    of: ({ status }) => single(Number(status?.rewards?.claimed ?? '0')),
  },
  {
    name: 'headframe_slashed_tokens_total',
    help: 'What slashes have taken of the account’s stake, in tokens, as its status counts it: a restart takes nothing back.',
    labelNames: [],
    kind: 'counter',
    of: ({ status }) => single(Number(status?.slashed?.tokens ?? '0')),
  },
  {
    name: 'headframe_duty_deadline_timestamp_seconds',
    help: 'By when the next duty is to be done that is not done, in seconds since 1970. No series while there is none.',
    labelNames: ['duty'],
    of: ({ status }) =>
      status?.nextDuty === undefined
        ? []
        : [
            {
              labels: { duty: status.nextDuty.kind },
              value: Date.parse(status.nextDuty.dueTime) / 1000,
            },
          ],
  },
  {
    name: 'headframe_account_last_duty_epoch',
    help: 'The last epoch whose duty is seen to be done.',
    labelNames: [],
    of: ({ status }) => single(status?.checkedInEpoch),
  },
  {
    name: 'headframe_tx_pending',
    help: 'Transactions of the account whose outcome is not known yet.',
    labelNames: [],
    of: ({ status }) => single(status?.openTransactions),
  },
];

function work({ caches, clock, counts }: AccountMetricsParts): readonly AccountMetric[] {
  return [
    {
      name: 'headframe_tx_total',
      help: 'Transactions of the account that have ended while this process ran, by kind and outcome.',
      labelNames: ['kind', 'outcome'],
      kind: 'counter',
      of: (account) =>
        [...counts.of(keyOf(account)).outcomes].flatMap(([kind, outcomes]) =>
          [...outcomes].map(([outcome, value]) => ({ labels: { kind, outcome }, value })),
        ),
    },
    {
      name: 'headframe_gas_spent_eth_total',
      help: 'What gas of those transactions has cost, in the coin of the chain.',
      labelNames: [],
      kind: 'counter',
      of: (account) => single(approximate(wei(counts.of(keyOf(account)).spentWei), 18)),
    },
    {
      name: 'headframe_spend_cap_remaining_eth',
      help: 'What duties of the account may still spend of spec.spendCap now, in the coin of the chain.',
      labelNames: [],
      of(account) {
        const { perDay, reservedForDuties } = account.spec.spendCap;
        const cap = { capWei: parseEth(perDay), essentialReserveWei: parseEth(reservedForDuties) };
        const now = clock.now();
        const ledger = ledgerOf(caches.transactions.store.byIndex(BY_ACCOUNT, keyOf(account)), now);
        return single(approximate(remainingWei(ledger, cap, true, now), 18));
      },
    },
  ];
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
