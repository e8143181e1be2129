import type { ChainView } from './chain-view.ts';
import { decide } from './decide.ts';
import type { EnginePolicy } from './engine-policy.ts';
import { type Entry, isLive, nonceOf } from './entry.ts';
import type { WantedIntent } from './intent.ts';
import type { ForeignNonces, Hold, Step } from './plan.ts';
import type { EngineParts, EntryQuestion } from './ports.ts';
import { type Situation, lastKnownNonce, unexplainedNonces } from './scope.ts';
import { type Progress, createProgress } from './progress.ts';
import { doStep } from './steps.ts';

/** One account, and what is wanted of it. */
export interface RoundOrder {
  readonly account: Situation['account'];
  readonly chainId: number;
  /**
   * What is wanted, in the order in which it is to happen, given the account's entries as the round starts from them, and what the chain
   * says of them. They may be newer than what the chain said when the intents were worked out: what an open one will change, or would
   * change in another block than the one that includes it now, must not be wanted once more.
   */
  intents(entries: readonly Entry[], view: ChainView): readonly WantedIntent[];
  readonly policy: EnginePolicy;
}

/** What came of a round, for the status of the account. */
export interface RoundReport {
  readonly entries: readonly Entry[];
  readonly view: ChainView;
  /** Why something is not done that could be. */
  readonly holds: readonly Hold[];
  readonly foreign: ForeignNonces | undefined;
  /** Somebody else has written meanwhile: look again at once. */
  readonly isOutdated: boolean;
}

/**
 * One look at an account: reads, decides, does. Safe to be killed at any await, and to be run by two at a time on one account: before
 * anything is sent an object with the signed transaction is created, and its name, the next of the account's sequence, is given only to
 * one who has seen all before it.
 * @returns undefined when others wrote all the time while it looked: look again later
 * @throws ApiError or RpcError; nothing is lost by it, call it again later
 */
export async function engineRound(order: RoundOrder, parts: EngineParts): Promise<RoundReport | undefined> {
  const seen = await look(parts);
  if (seen === undefined) {
    return undefined;
  }
  const intents = order.intents(seen.entries, seen.view);
  const progress = createProgress({ ...order, ...seen, intents, refused: new Map(), now: parts.now() });
  const plan = decide(progress.situation());
  await doSteps(plan.steps, progress, parts);
  await doSteps(cancelsOfRefused(progress), progress, parts);
  return {
    ...progress.situation(),
    holds: [...plan.holds, ...progress.holds()],
    foreign: plan.foreign,
    isOutdated: progress.isOutdated(),
  };
}

/** What the node has just said that it will never take. */
function cancelsOfRefused(progress: Progress): readonly Step[] {
  const situation = progress.situation();
  return situation.refused.size === 0
    ? []
    : decide(situation).steps.filter((step) => step.kind === 'replace' && step.cause === 'Refused');
}

/** Nothing more is begun after a write was refused: what was decided may be wrong. */
async function doSteps(steps: readonly Step[], progress: Progress, parts: EngineParts): Promise<void> {
  for (const step of steps) {
    if (progress.isOutdated() || parts.signal?.aborted === true) {
      return;
    }
    await doStep(step, progress, parts);
  }
}

/** So often others may write while we look; then somebody else is at work, and does it. */
const MAX_LOOKS = 4;

/** What a round starts from: entries that explain the view, or that were read after it. */
async function look({ outbox, reader }: EngineParts): Promise<Look | undefined> {
  let entries = await outbox.known();
  for (let looks = 0; looks < MAX_LOOKS; looks++) {
    const view = await reader.read(entries.flatMap(questionAbout), lastKnownNonce(entries));
    if (entries.length > 0 && unexplainedNonces({ entries, view }) === 0) {
      return { entries, view };
    }
    const fresh = await outbox.reload();
    if (lastKnownNonce(fresh) === lastKnownNonce(entries)) {
      return { entries: fresh, view };
    }
    entries = fresh;
  }
  return undefined;
}

interface Look {
  readonly entries: readonly Entry[];
  readonly view: ChainView;
}

/** What ended is not asked about: its block is final. */
export function questionAbout(entry: Entry): EntryQuestion[] {
  const { attempts } = entry.spec;
  const question = {
    nonce: nonceOf(entry),
    hashes: attempts.map(({ hash }) => hash),
    sinceBlock: attempts[0]?.signedBlock ?? 0,
  };
  return isLive(entry) ? [question] : [];
}
