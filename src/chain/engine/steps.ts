import type { Attempt, AttemptCause } from '../../api/chain-transaction/spec.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { rfc3339 } from '../../time/clock.ts';
import { parseWei } from '../amounts/decimal.ts';
import { wei } from '../amounts/amount.ts';
import { SigningError } from '../signing/signer.ts';
import type { UnsignedTransaction } from '../signing/transaction.ts';
import { authoriseEntry, gasLimitOf } from './authorise.ts';
import { type Entry, isIntended, lastAttempt, nonceOf } from './entry.ts';
import { NO_OP } from './intent.ts';
import type { Step } from './plan.ts';
import type { EngineParts, Simulation } from './ports.ts';
import type { Progress } from './progress.ts';

/** Does one step of a plan. @throws ApiError */
export async function doStep(step: Step, progress: Progress, parts: EngineParts): Promise<void> {
  switch (step.kind) {
    case 'record':
      return record(step, progress, parts);
    case 'broadcast':
      return send(step.entry, step.hash, progress, parts);
    case 'replace':
      return replace(step, progress, parts);
    case 'enter':
      return enter(step, progress, parts);
    case 'prune':
      await parts.outbox.prune(step.entry);
      progress.pruned(step.entry);
      return;
  }
}

async function record(
  step: Step & { kind: 'record' },
  progress: Progress,
  parts: EngineParts,
): Promise<void> {
  const { entry, status } = step;
  const { outcome, inclusion } = status;
  const revertReason =
    outcome === 'Reverted' && inclusion !== undefined
      ? await parts.simulator.whyReverted(entry.spec.intent, inclusion.blockNumber)
      : undefined;
  const whole = revertReason === undefined ? status : { ...status, revertReason };
  progress.wrote(await parts.outbox.record(entry, whole));
}

/** Reserve the sequence and the nonce, with what is signed, in one write; only then send it. */
async function enter(step: Step & { kind: 'enter' }, progress: Progress, parts: EngineParts): Promise<void> {
  const { intent, cause } = step;
  const isGap = cause === 'Gap';
  if (!isGap && !progress.hasRoomFor(intent)) {
    return;
  }
  const scope = progress.scope();
  // Steps before this one may have taken the nonce that was next.
  const nonce = isGap ? step.nonce : scope.nextNonce;
  const simulation: Simulation =
    intent.kind === NO_OP
      ? { kind: 'possible', gasLimit: scope.policy.noOpGasLimit }
      : await parts.simulator.simulate(intent);
  if (simulation.kind !== 'possible') {
    const reason = simulation.kind === 'reverts' ? 'WouldRevert' : 'NodeUnavailable';
    progress.hold({ reason, explanation: simulation.explanation, intentId: intent.id });
    return;
  }
  const { gasLimit } = simulation;
  const authorisation = authoriseEntry(scope, intent, gasLimit);
  if (authorisation.kind === 'held') {
    progress.hold(authorisation.hold);
    return;
  }
  const { fees, maxCostWei } = authorisation;
  const fields = {
    ...fees,
    chainId: BigInt(scope.chainId),
    nonce,
    to: intent.to,
    data: intent.data,
    valueWei: parseWei(intent.valueWei),
    gasLimit: BigInt(gasLimit),
  };
  const attempt = await sign(fields, cause, progress, parts);
  if (attempt === undefined || parts.signal?.aborted === true) {
    return;
  }
  const { account, chainId } = scope;
  const entry = await parts.outbox.create({
    accountRef: { name: account.name },
    address: account.address,
    chainId,
    sequence: scope.nextSequence,
    nonce,
    intent,
    maxCostWei: String(maxCostWei),
    attempts: [attempt],
  });
  progress.wrote(entry);
  if (entry !== undefined) {
    await send(entry, attempt.hash, progress, parts);
  }
}

/** Write the replacement down first: whoever goes on after us must know every hash that may be included. */
async function replace(
  step: Step & { kind: 'replace' },
  progress: Progress,
  parts: EngineParts,
): Promise<void> {
  const { entry, cause, fees } = step;
  const scope = progress.scope();
  const { intent, address } = entry.spec;
  const effect = isIntended({ ...lastAttempt(entry), cause })
    ? { to: intent.to, data: intent.data, valueWei: parseWei(intent.valueWei) }
    : { to: address, data: '0x', valueWei: wei(0n) };
  const gasLimit = gasLimitOf(scope, entry, cause);
  const chainId = BigInt(entry.spec.chainId);
  const fields = { ...effect, ...fees, chainId, nonce: nonceOf(entry), gasLimit: BigInt(gasLimit) };
  const attempt = await sign(fields, cause, progress, parts);
  if (attempt === undefined || parts.signal?.aborted === true) {
    return;
  }
  const current = scope.entries.find(({ metadata }) => metadata.name === entry.metadata.name) ?? entry;
  const written = await parts.outbox.append(current, attempt);
  progress.wrote(written);
  if (written !== undefined) {
    await send(written, attempt.hash, progress, parts);
  }
}

/** Undefined when the signer refuses, which is said. */
async function sign(
  fields: UnsignedTransaction,
  cause: AttemptCause,
  progress: Progress,
  { signer, now }: EngineParts,
): Promise<Immutable<Attempt> | undefined> {
  try {
    const { raw, hash } = await signer.sign(fields);
    return {
      hash,
      raw,
      cause,
      gasLimit: Number(fields.gasLimit),
      maxFeePerGasWei: String(fields.maxFeePerGas),
      maxPriorityFeePerGasWei: String(fields.maxPriorityFeePerGas),
      signedTime: rfc3339(now()),
      signedBlock: progress.situation().view.head.number,
    };
  } catch (error) {
    if (!(error instanceof SigningError)) {
      throw error;
    }
    progress.hold({ reason: 'SignerRefused', explanation: error.message });
    return undefined;
  }
}

/** What nodes refuse shows in the next round, when they are asked what they have. Only what they will never take is remembered. */
async function send(entry: Entry, hash: string, progress: Progress, parts: EngineParts): Promise<void> {
  const attempt = entry.spec.attempts.find((each) => each.hash === hash);
  if (attempt === undefined || parts.signal?.aborted === true) {
    return;
  }
  const answer = await parts.broadcaster.broadcast(attempt.raw);
  if (answer.kind === 'badGasLimit' && isIntended(attempt)) {
    progress.refusedByNode(hash, answer.text);
  } else if (answer.kind === 'insufficientFunds') {
    progress.hold({
      reason: 'InsufficientFunds',
      explanation: `nonce ${nonceOf(entry)}: the node says that the account cannot pay for it`,
      intentId: entry.spec.intent.id,
    });
  }
}
