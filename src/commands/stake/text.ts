import { columns } from '../columns.ts';
import type { PlanClaim, PlanRewards } from './rewards.ts';
import type { PlanShortage, PlanStep, StakePlan, Unlock } from './report.ts';

/** The plan for people. Pure. */
export function planText(plan: StakePlan): string {
  const { notes, steps, shortages, unlocks, rewards } = plan;
  const paragraphs = [
    heading(plan),
    notes.map((note) => `- ${note}`).join('\n'),
    steps.length === 0 ? '' : stepsTable(steps),
    stakeTable(plan),
    shortages.map((shortage) => shortageText(shortage, plan.token)).join('\n'),
    unlocks.length === 0 ? '' : unlocksTable(unlocks, plan.token),
    rewards === undefined ? '' : rewardsText(rewards, plan.token),
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

function heading({ account, network, steps, coin }: StakePlan): string {
  const now = steps.filter(({ when }) => when === 'Now').length;
  const later = steps.length - now;
  const what =
    now === 0
      ? 'nothing is to be sent'
      : `${now} transaction${now === 1 ? '' : 's'} to be sent now${later === 0 ? '' : `, ${later} after that`}`;
  return `${account.namespace}/${account.name} (${account.address}) on ${network.name}, chain ${network.chainId}, block ${network.block}: ${what}. It has ${coin} of the coin for gas.`;
}

function stepsTable(steps: readonly PlanStep[]): string {
  return columns(
    ['WHEN', 'TRANSACTION', 'WHAT', 'GAS LIMIT', 'COSTS AT MOST', 'NOT SENT BECAUSE'],
    steps.map((step) => [
      step.when.toLowerCase(),
      step.kind,
      step.effect,
      step.gasLimit === undefined ? '-' : String(step.gasLimit),
      step.maxCost ?? '-',
      step.obstacle ?? '',
    ]),
  );
}

function stakeTable({ stake, token, wanted }: StakePlan): string {
  const { now, after } = stake;
  const rows: readonly (readonly [string, keyof typeof now])[] = [
    ['in the wallet', 'wallet'],
    ['staked, idle', 'idle'],
    [`behind miners; wanted: ${wanted}`, 'provisioned'],
    ['thawing', 'thawing'],
    ['needed by registered miners', 'required'],
    ['registered miners', 'miners'],
  ];
  return columns(
    [token === '' ? 'TOKENS' : token, 'NOW', 'AFTER ALL'],
    rows.map(([name, figure]) => [name, String(now[figure]), String(after[figure])]),
  );
}

function shortageText({ kind, needed, available }: PlanShortage, token: string): string {
  switch (kind) {
    case 'Tokens':
      return `Too few tokens: ${needed} ${token} more are to be staked, and the wallet holds ${available} ${token}.`;
    case 'Cap':
      return `Too low a cap: ${needed} ${token} are wanted in all, and spec.stake.max allows ${available} ${token}.`;
  }
}

function unlocksTable(unlocks: readonly Unlock[], token: string): string {
  return columns(
    [`THAWING ${token}`.trimEnd(), 'CAN BE TAKEN OUT FROM'],
    unlocks.map(({ tokens, dueTime, isForeseen }) => [
      tokens,
      isForeseen ? `${dueTime}, if its thaw is sent now` : dueTime,
    ]),
  );
}

function rewardsText({ claims, obstacle, problem }: PlanRewards, token: string): string {
  const table =
    claims.length === 0
      ? 'No rewards are told of that are not paid.'
      : columns(
          ['REWARDS OF EPOCH', token === '' ? 'TOKENS' : token, 'STANDING'],
          claims.map((claim) => [String(claim.epoch), claim.amount, standingText(claim)]),
        );
  return [
    problem === undefined ? table : `What it has earned is not known: ${problem}.`,
    obstacle === undefined ? '' : `Nothing is claimed: ${obstacle}.`,
  ]
    .filter((paragraph) => paragraph !== '')
    .join('\n');
}

const standings: Readonly<Record<PlanClaim['standing'], string>> = {
  Unposted: 'nothing is posted for the epoch yet',
  Disproved: 'what is posted for the epoch says otherwise',
  Challenged: 'can be claimed later',
  Claimable: 'can be claimed',
  Claimed: 'paid, and not counted yet',
};

function standingText({ standing, claimableTime }: PlanClaim): string {
  return claimableTime === undefined
    ? standings[standing]
    : `can be claimed from ${claimableTime} on, if nobody objects`;
}
