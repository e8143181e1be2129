import type { Reason } from '../../api/reasons.ts';
import type { Verdict } from './gates.ts';
import { plural } from './plural.ts';
import { isAlive } from './replica.ts';
import { type Scope, mayMake } from './scope.ts';
import type { SeenStake } from './stake.ts';

/** Whether the stake covers every replica that the user wants: the condition StakeSufficient. */
export interface StakeVerdict {
  readonly sufficient: boolean;
  readonly reason: Reason;
  readonly message: string;
}

/** Undefined when the pool needs no stake. */
export function stakeVerdict(scope: Scope): StakeVerdict | undefined {
  const { stake, asked } = scope;
  if (stake === undefined) {
    return undefined;
  }
  if (asked === 0) {
    return { sufficient: true, reason: 'StakeSufficient', message: 'no replica is wanted' };
  }
  return objection(stake, scope) ?? covered(asked);
}

function covered(asked: number): StakeVerdict {
  return {
    sufficient: true,
    reason: 'StakeSufficient',
    message: `the stake covers ${plural(asked, 'replica')}, each with a registered miner`,
  };
}

function objection(stake: SeenStake, { pool, asked }: Scope): StakeVerdict | undefined {
  const { account, accountName, allotment } = stake;
  if (account === undefined) {
    return insufficient(
      'AccountMissing',
      `there is no StakeAccount '${accountName}' in namespace '${pool.metadata.namespace ?? ''}': pods that run stay, and no other is made`,
    );
  }
  if (allotment === undefined) {
    return insufficient(
      'AwaitingStake',
      `StakeAccount '${accountName}' has not said yet how many replicas its stake covers`,
    );
  }
  if (allotment.allotted < asked) {
    return allotment.wanted === asked
      ? insufficient('StakeInsufficient', coverage(stake, allotment, asked))
      : insufficient(
          'AwaitingStake',
          `StakeAccount '${accountName}' has been asked for ${plural(asked, 'replica')}, and has answered for ${allotment.wanted} so far: its stake covers ${allotment.allotted}`,
        );
  }
  return unregistered(stake, asked);
}

function coverage(
  { account }: SeenStake,
  { allotted, requiredPerReplica }: NonNullable<SeenStake['allotment']>,
  asked: number,
): string {
  const provisioned = account?.status?.stake?.provisioned;
  const has = provisioned === undefined ? '' : `${provisioned} tokens are provisioned, `;
  return `the stake covers ${allotted} of ${plural(asked, 'replica')}: ${has}each replica needs ${requiredPerReplica}`;
}

function unregistered({ registered }: SeenStake, asked: number): StakeVerdict | undefined {
  const count = [...registered].filter((ordinal) => ordinal < asked).length;
  return count >= asked
    ? undefined
    : insufficient(
        'MinersUnregistered',
        `${count} of ${plural(asked, 'miner')} ${count === 1 ? 'is' : 'are'} registered; pods that run stay, and the others are made once theirs are`,
      );
}

function insufficient(reason: Reason, message: string): StakeVerdict {
  return { sufficient: false, reason, message };
}

/** The gate: fewer replicas run than the user wants, for want of stake or of miners. Pods that run without a miner are no objection. */
export function stakeShort(scope: Scope): Verdict | undefined {
  const verdict = stakeVerdict(scope);
  if (verdict === undefined || verdict.sufficient || !isShort(scope)) {
    return undefined;
  }
  const { reason, message } = verdict;
  return {
    ready: false,
    reason,
    message,
    progress: reason === 'AccountMissing' ? 'stalled' : 'reconciling',
  };
}

function isShort(scope: Scope): boolean {
  if (scope.wanted < scope.asked) {
    return true;
  }
  return Array.from({ length: scope.wanted }, (_, ordinal) => ordinal).some((ordinal) => {
    const replica = scope.byOrdinal.get(ordinal);
    return !mayMake(scope, ordinal) && (replica === undefined || !isAlive(replica));
  });
}
