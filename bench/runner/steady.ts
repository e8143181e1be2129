import { sleep, systemClock } from '../../src/time/clock.ts';
import type { FleetScenario } from '../scenarios/scenario.ts';
import { OPERATOR_USER } from '../world/access.ts';
import { type AuditEntry, microseconds, readAudit } from '../world/audit.ts';
import type { World } from '../world/world.ts';
import { ensureFleet } from './fleet.ts';
import { type Reading, single } from './reading.ts';

const MINUTE_MS = 60_000;

/** Counts what the operator asks of the API server while nothing changes. */
export async function steady({ fleet, samples }: FleetScenario, world: World): Promise<Reading[]> {
  await ensureFleet(fleet, world);
  const from = systemClock.now() * 1000;
  await sleep(systemClock, samples * MINUTE_MS);
  const to = systemClock.now() * 1000;
  const entries = (await readAudit(world.auditFile)).filter(({ user, requestReceivedTimestamp }) => {
    const at = microseconds(requestReceivedTimestamp);
    return user.username === OPERATOR_USER && at >= from && at < to;
  });
  const perMinute = (wanted: (entry: AuditEntry) => boolean): number =>
    entries.filter(wanted).length / samples;
  return [
    single(
      'writes',
      perMinute((entry) => isWrite(entry) && !isLease(entry) && !isLedger(entry)),
    ),
    single(
      'ledgerWrites',
      perMinute((entry) => isWrite(entry) && isLedger(entry)),
    ),
    single(
      'lists',
      perMinute(({ verb }) => verb === 'list'),
    ),
    single('leaseRequests', perMinute(isLease)),
  ];
}

export function isWrite({ verb }: AuditEntry): boolean {
  return verb !== 'get' && verb !== 'list' && verb !== 'watch';
}

/** The account of GPU time: of whole minutes in which nothing but the time has moved, it is all that there is to write. */
export function isLedger({ objectRef }: AuditEntry): boolean {
  return objectRef?.resource === 'configmaps' && objectRef.name?.startsWith('headframe-usage-') === true;
}

export function isLease({ objectRef }: AuditEntry): boolean {
  return objectRef?.resource === 'leases';
}
