import { findCondition } from '../../api/conditions.ts';
import type { Condition, Immutable } from '../../api/kube-object.ts';
import { type Reason, reasons } from '../../api/reasons.ts';
import type { StakingNetworkStatus } from '../../api/staking-network/status.ts';
import type { EventDetails } from '../../kube/event-recorder.ts';

type Status = Immutable<StakingNetworkStatus>;
type Known = Immutable<Condition> | undefined;

/** What to tell of a status that has been written. Pure. */
export function transitions(before: Status | undefined, now: Status): readonly EventDetails[] {
  const of = (type: string): readonly [Known, Known] => [
    findCondition(before?.conditions, type),
    findCondition(now.conditions, type),
  ];
  const [, ready] = of('Ready');
  const [wasChain, chain] = of('ChainIdMatches');
  const isOneWrong =
    chain?.status === 'False' && wasChain?.status !== 'False' && ready?.reason !== chain.reason;
  return [...readiness(...of('Ready')), ...(isOneWrong ? [warning(chain)].flat() : [])];
}

function readiness(before: Known, now: Known): readonly EventDetails[] {
  if (now?.status === 'True' && before?.status !== 'True') {
    return [{ type: 'Normal', reason: 'NetworkReady', action: 'Look', note: 'the network can be used' }];
  }
  return now?.status === 'False' && now.reason !== before?.reason ? warning(now) : [];
}

function warning({ reason, message }: Immutable<Condition>): readonly EventDetails[] {
  return isReason(reason) ? [{ type: 'Warning', reason, action: 'Look', note: message }] : [];
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(reasons, reason);
}
