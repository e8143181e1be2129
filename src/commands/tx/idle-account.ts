import { findCondition } from '../../api/conditions.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { Reason } from '../../api/reasons.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import { withdrawsAtEnd } from '../../controllers/stakeaccount/hold.ts';

/** Why no operator sends anything for an account, and what to do about it, for people; undefined when one does. Pure. */
export function whyNothingIsSent(account: Immutable<StakeAccount>): string | undefined {
  const { metadata, spec, status } = account;
  const name = `StakeAccount ${metadata.name}`;
  if (metadata.deletionTimestamp !== undefined && !withdrawsAtEnd(account)) {
    return `${name} is being deleted, and nothing is sent for it any more: create it again with the same address`;
  }
  if (spec.mode === 'Observe') {
    return `${name} is only observed: set its spec.mode to Manage`;
  }
  if (spec.suspend) {
    return `${name} is suspended: set its spec.suspend to false`;
  }
  const stated = findCondition(status?.conditions, 'Ready');
  // What was said of a former spec says nothing of this one.
  const ready = stated?.observedGeneration === metadata.generation ? stated : undefined;
  if (ready?.reason === 'Suspended') {
    return 'the operator runs with --dry-run: start it without';
  }
  return ready !== undefined && NEEDS_THE_USER.has(ready.reason)
    ? `nothing can be sent for ${name} (${ready.reason}): ${ready.message}`
    : undefined;
}

/** Nothing is signed or sent until the user has mended something. What passes by itself is not among them: a request waits for it. */
const NEEDS_THE_USER: ReadonlySet<string> = new Set<Reason>([
  'KeyInUse',
  'SignerMisconfigured',
  'SignerSecretMissing',
  'WrongKey',
  'SpecInvalid',
  'AmountInvalid',
  'NetworkMissing',
]);
