import { MAX_ATTEMPTS } from '../../api/chain-transaction/spec.ts';
import type { AttemptCause } from '../../api/chain-transaction/spec.ts';
import { wei } from '../amounts/amount.ts';
import type { Wei } from '../amounts/amount.ts';
import { formatEth, parseWei } from '../amounts/decimal.ts';
import { firstOffer, nextOffer, worstCaseCost } from '../fees/fee-policy.ts';
import type { FeeDecision } from '../fees/fee-policy.ts';
import type { Fees } from '../fees/fees.ts';
import { type Lane, feeCeiling } from '../fees/urgency.ts';
import { nextExpiry } from '../spending/spend-ledger.ts';
import { remainingWei, reserve } from '../spending/spend-cap.ts';
import { type Entry, highestFees, isIntended, lastAttempt } from './entry.ts';
import { NO_OP, type WantedIntent, hasExpired, laneOf } from './intent.ts';
import type { Hold, HoldReason } from './plan.ts';
import type { Scope } from './scope.ts';
import { ledgerOf } from './spending.ts';

/** What a transaction may offer, and the most that it may ever cost; or why it may not be sent now. */
export type Authorisation =
  | { readonly kind: 'granted'; readonly fees: Fees; readonly maxCostWei: Wei }
  | { readonly kind: 'held'; readonly hold: Hold };

/** How many times its first offer an optional transaction may come to cost: room for replacements when gas becomes dearer. */
const ROOM_TO_RAISE = 4n;
/** With less room than this it is not begun. */
const LEAST_ROOM = 2n;
/** So many attempts are kept for transactions that do nothing: cancelling must stay possible. */
const KEPT_FOR_CANCELLING = 4;

/** What money is granted from. */
export interface Purse extends Pick<Scope, 'policy' | 'entries' | 'now'> {
  readonly view: Pick<Scope['view'], 'market' | 'balanceWei'>;
}

/** Decides on a transaction that reserves a new nonce. @param gasLimit units of gas, as simulated with a margin */
export function authoriseEntry(purse: Purse, intent: WantedIntent, gasLimit: number): Authorisation {
  const { policy, view, now } = purse;
  const request = {
    lane: laneOf(intent, now),
    gasLimit: BigInt(gasLimit),
    valueWei: parseWei(intent.valueWei),
  };
  const decision = firstOffer(policy.fees, view.market, request);
  if (decision.kind === 'hold') {
    return held('FeesAboveLimit', decision.explanation, intent);
  }
  const { fees } = decision;
  const cost = worstCaseCost(fees, request);
  if (view.balanceWei < cost) {
    return held('InsufficientFunds', shortOf(view.balanceWei, cost), intent);
  }
  return withinCap(purse, intent, { fees, gasLimit: request.gasLimit, valueWei: request.valueWei });
}

interface Offered {
  readonly fees: Fees;
  readonly gasLimit: bigint;
  readonly valueWei: Wei;
}

/** The whole budget is reserved at once, for all replacements to come: so later ones need not ask, and cannot be refused. */
function withinCap(purse: Purse, intent: WantedIntent, offered: Offered): Authorisation {
  const { policy, now, entries } = purse;
  const { fees, gasLimit, valueWei } = offered;
  const essential = intent.urgency === 'Essential';
  const ledger = ledgerOf(entries, now);
  const gasCost = gasLimit * fees.maxFeePerGas;
  const perTransaction = policy.fees.maxCostWei - valueWei;
  const highest = gasLimit * policy.fees.maxFeePerGas;
  const wished = least(essential ? highest : least(ROOM_TO_RAISE * gasCost, highest), perTransaction);
  const kept = intent.kind === NO_OP ? 0n : roomForGap(purse, fees);
  const left = remainingWei(ledger, policy.spend, essential, now) - kept;
  const needed = least(LEAST_ROOM * gasCost, wished);
  const budget = least(wished, left > needed ? left : needed);
  const request = { id: 'next', worstCaseWei: wei(budget + kept), essential };
  const decision = reserve(ledger, request, policy.spend, now);
  return decision.granted
    ? { kind: 'granted', fees, maxCostWei: wei(budget + valueWei) }
    : held('SpendCapReached', decision.explanation, intent, decision.notBeforeMs ?? nextExpiry(ledger, now));
}

/** What everything else leaves of the cap: where a gap cannot be filled, all that is reserved behind it is reserved for ever. */
function roomForGap({ policy }: Purse, { maxFeePerGas }: Fees): bigint {
  return BigInt(policy.noOpGasLimit) * least(ROOM_TO_RAISE * maxFeePerGas, policy.fees.maxFeePerGas);
}

/** Decides on another transaction for a nonce that is reserved. It stays within what was reserved for the nonce. */
export function authoriseReplacement(scope: Scope, entry: Entry, cause: AttemptCause): Authorisation {
  const { spec } = entry;
  const doesNothing = !isIntended({ ...lastAttempt(entry), cause });
  if (spec.attempts.length >= (doesNothing ? MAX_ATTEMPTS : MAX_ATTEMPTS - KEPT_FOR_CANCELLING)) {
    return held(
      'TooManyAttempts',
      `${spec.attempts.length} transactions are signed for nonce ${spec.nonce}; at most ${MAX_ATTEMPTS} may be, ${KEPT_FOR_CANCELLING} of them to cancel it. The latest is still sent`,
      spec.intent,
    );
  }
  const maxCostWei = parseWei(spec.maxCostWei);
  const request = {
    lane: laneOfEntry(scope, entry, doesNothing),
    gasLimit: BigInt(gasLimitOf(scope, entry, cause)),
    valueWei: doesNothing ? wei(0n) : parseWei(spec.intent.valueWei),
    previous: highestFees(entry),
  };
  const fees = { ...scope.policy.fees, maxCostWei };
  const decision = nextOffer(fees, scope.view.market, request);
  return replacement(scope, entry, decision, request);
}

function replacement(
  { view }: Scope,
  { spec }: Entry,
  decision: FeeDecision,
  request: { readonly gasLimit: bigint; readonly valueWei: Wei },
): Authorisation {
  if (decision.kind === 'hold') {
    return held('FeesAboveLimit', `nonce ${spec.nonce}: ${decision.explanation}`, spec.intent);
  }
  const cost = worstCaseCost(decision.fees, request);
  if (view.balanceWei < cost) {
    return held('InsufficientFunds', `nonce ${spec.nonce}: ${shortOf(view.balanceWei, cost)}`, spec.intent);
  }
  return { kind: 'granted', fees: decision.fees, maxCostWei: parseWei(spec.maxCostWei) };
}

/** Units of gas of an attempt: that of the first for the effect, that of a transfer for nothing. */
export function gasLimitOf({ policy }: Scope, entry: Entry, cause: AttemptCause): number {
  const [first] = entry.spec.attempts;
  return first !== undefined && isIntended({ ...first, cause }) ? first.gasLimit : policy.noOpGasLimit;
}

/**
 * How urgent a reserved nonce is: as urgent as the most urgent thing that waits for it, its own effect or one behind it. A transaction
 * that does nothing is as urgent as anything: nobody wants to wait for it.
 */
function laneOfEntry(scope: Scope, entry: Entry, doesNothing: boolean): Lane {
  if (doesNothing) {
    return { kind: 'essential', elapsedMs: 1, periodMs: 0 };
  }
  const behind = scope.waiting
    .filter((other) => other.entry.spec.nonce >= entry.spec.nonce)
    .map((other) => other.entry.spec.intent);
  const wanted = scope.intents.filter((intent) => !hasExpired(intent, scope.now));
  const lanes = [entry.spec.intent, ...behind, ...wanted].map((intent) => laneOf(intent, scope.now));
  return lanes.reduce((most, lane) =>
    feeCeiling(scope.policy.fees, lane) > feeCeiling(scope.policy.fees, most) ? lane : most,
  );
}

function held(
  reason: HoldReason,
  explanation: string,
  { id }: WantedIntent,
  notBefore?: number,
): Authorisation {
  return { kind: 'held', hold: { reason, explanation, intentId: id, notBefore } };
}

function shortOf(balance: Wei, cost: Wei): string {
  return `it may cost ${formatEth(cost)} of the coin, and the account has ${formatEth(balance)}`;
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
