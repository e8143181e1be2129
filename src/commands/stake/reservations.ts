import { isLive } from '../../chain/engine/entry.ts';
import { withdrawsAtEnd } from '../../controllers/stakeaccount/hold.ts';
import type { AccountObjects } from './read-account.ts';
import type { PlanSight } from './report.ts';

/** Why the operator does not send a plan as it stands, and what else it waits for. For people. Pure. */
export function reservations({
  objects,
  network,
  problems,
}: Pick<PlanSight, 'objects' | 'network' | 'problems'>): readonly string[] {
  const { paused } = network.facts;
  return [
    whyNothingIsSent(objects),
    ...problems.map((problem) => `not counted, because it cannot be understood: ${problem}`),
    paused.length === 0
      ? undefined
      : `${paused.join(', ')} of the network is paused: what it would refuse is left out`,
    underWay(objects),
  ].filter((note) => note !== undefined);
}

function whyNothingIsSent({ account, rival }: AccountObjects): string | undefined {
  const { spec, metadata } = account;
  if (metadata.deletionTimestamp !== undefined && !withdrawsAtEnd(account)) {
    return 'nothing of it is sent: the StakeAccount is being deleted, and its stake stays where it is';
  }
  if (spec.mode === 'Observe') {
    return 'nothing of it is sent: spec.mode is Observe';
  }
  if (spec.suspend) {
    return 'nothing of it is sent: spec.suspend is true';
  }
  return rival === undefined
    ? undefined
    : `nothing of it is sent: StakeAccount ${rival}, which is older, manages the same account on the same chain`;
}

function underWay({ account, entries }: AccountObjects): string | undefined {
  const open = entries.filter(isLive);
  const names = open.map(({ spec }) => `${spec.intent.kind} (nonce ${spec.nonce})`).join(', ');
  return open.length === 0
    ? undefined
    : `under way: ${names}; see headframe tx list --account ${account.metadata.name}`;
}
