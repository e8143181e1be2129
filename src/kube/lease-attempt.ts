import { Leases, type Lease } from '../api/builtin.ts';
import type { ObjectKey } from '../api/kube-object.ts';
import { microTime, type Clock } from '../time/clock.ts';
import type { KubeClient } from './client.ts';
import { isConflict, isNotFound } from './errors.ts';

/** A lease as it was last read, and since when it has been seen to be so. */
export interface ObservedLease {
  readonly lease: Lease;
  /**
   * Monotonic milliseconds of our own clock. A lease runs out so long after this, whatever times its holder wrote into it: the
   * holder's clock may be wrong.
   */
  readonly since: number;
}

/** What came of one try to get or to renew the lease. */
export type LeaseAttempt =
  /** It is ours; everybody who counts from `sentAt` (monotonic milliseconds, before the request left) is on the safe side. */
  | { readonly kind: 'held'; readonly observed: ObservedLease; readonly sentAt: number }
  /** Somebody else has it. */
  | { readonly kind: 'taken'; readonly observed: ObservedLease }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface LeaseAttemptParts {
  readonly client: KubeClient;
  readonly key: ObjectKey;
  readonly identity: string;
  readonly leaseDurationMs: number;
  readonly clock: Clock;
}

/**
 * One round of client-go's algorithm: a holder renews by what it knows (one request); everybody else, or a holder who is
 * contradicted, reads first. A write carries the resourceVersion that it is based on, so of two who try at once one gets
 * 409. Never rejects, and changes nothing but the lease: the caller may drop an answer that comes too late.
 */
export async function attemptLease(
  parts: LeaseAttemptParts,
  known: ObservedLease | undefined,
): Promise<LeaseAttempt> {
  try {
    return (await renewKnown(parts, known)) ?? (await readAndTake(parts, known));
  } catch (error) {
    return { kind: 'failed', error };
  }
}

async function renewKnown(
  parts: LeaseAttemptParts,
  known: ObservedLease | undefined,
): Promise<LeaseAttempt | undefined> {
  if (known?.lease.spec?.holderIdentity !== parts.identity) {
    return undefined;
  }
  try {
    return await take(parts, known.lease);
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

async function readAndTake(
  parts: LeaseAttemptParts,
  known: ObservedLease | undefined,
): Promise<LeaseAttempt> {
  const lease = await read(parts);
  if (lease === undefined) {
    return make(parts, known);
  }
  const observed = observe(parts, lease, known);
  return isFree(parts, observed) ? take(parts, lease) : { kind: 'taken', observed };
}

async function read({ client, key }: LeaseAttemptParts): Promise<Lease | undefined> {
  try {
    return await client.get(Leases, key);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** The count starts when the record is first seen as it is, and again whenever its holder writes it. */
function observe(
  { clock }: LeaseAttemptParts,
  lease: Lease,
  known: ObservedLease | undefined,
): ObservedLease {
  const same = known !== undefined && JSON.stringify(known.lease.spec) === JSON.stringify(lease.spec);
  return { lease, since: same ? known.since : clock.monotonic() };
}

function isFree(
  { identity, leaseDurationMs, clock }: LeaseAttemptParts,
  { lease, since }: ObservedLease,
): boolean {
  const { holderIdentity = '' } = lease.spec ?? {};
  const expiry = expiryOf({ lease, since }, leaseDurationMs);
  return holderIdentity === '' || holderIdentity === identity || clock.monotonic() > expiry;
}

/**
 * When the lease runs out unless its holder writes it again, in monotonic milliseconds of our own clock.
 * @param defaultMs for a lease that does not say how long it lasts
 */
export function expiryOf({ lease, since }: ObservedLease, defaultMs: number): number {
  const seconds = lease.spec?.leaseDurationSeconds;
  return since + (seconds === undefined ? defaultMs : seconds * 1000);
}

async function take(parts: LeaseAttemptParts, lease: Lease): Promise<LeaseAttempt> {
  const { client, identity, clock } = parts;
  const sentAt = clock.monotonic();
  const now = microTime(clock.now());
  const ours = lease.spec?.holderIdentity === identity;
  const written = await client.replace(Leases, {
    ...lease,
    spec: {
      ...lease.spec,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(parts.leaseDurationMs / 1000),
      acquireTime: (ours ? lease.spec?.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + (ours ? 0 : 1),
    },
  });
  return { kind: 'held', observed: { lease: written, since: clock.monotonic() }, sentAt };
}

/** Somebody may have deleted a lease that we knew: its count of transitions goes on, because it fences off older leaders. */
async function make(parts: LeaseAttemptParts, known: ObservedLease | undefined): Promise<LeaseAttempt> {
  const { client, key, identity, clock } = parts;
  const sentAt = clock.monotonic();
  const now = microTime(clock.now());
  const created = await client.create(Leases, {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: key.name, ...(key.namespace !== undefined && { namespace: key.namespace }) },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(parts.leaseDurationMs / 1000),
      acquireTime: now,
      renewTime: now,
      leaseTransitions: known === undefined ? 0 : (known.lease.spec?.leaseTransitions ?? 0) + 1,
    },
  });
  return { kind: 'held', observed: { lease: created, since: clock.monotonic() }, sentAt };
}

/**
 * Gives the lease up, so that the next one need not wait for it to run out: no holder, and one second to live (client-go's
 * ReleaseOnCancel). Does nothing when it is not ours.
 * @returns whether it was
 * @throws ApiError, a conflict among them when a renewal was still on its way: try again
 */
export async function giveUpLease(parts: LeaseAttemptParts): Promise<boolean> {
  const { client, identity, clock } = parts;
  const lease = await read(parts);
  if (lease?.spec?.holderIdentity !== identity) {
    return false;
  }
  const now = microTime(clock.now());
  await client.replace(Leases, {
    ...lease,
    spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now },
  });
  return true;
}
