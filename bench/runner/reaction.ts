import { MinerPools } from '../../src/api/miner-pool.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import type { FleetScenario } from '../scenarios/scenario.ts';
import { percentile } from '../statistics.ts';
import { type AuditEntry, entriesByName, microseconds, readAudit } from '../world/audit.ts';
import { WATCHED_NAMESPACE, type World } from '../world/world.ts';
import { ensureFleet, fleetOwners } from './fleet.ts';
import type { Reading } from './reading.ts';

/** From one change to the next. */
const EVERY_MS = 75;
/** The last pods are made by then. */
const LATE_MS = 3000;

/** How long one change took, in milliseconds. */
export interface Reaction {
  readonly sinceAnswer: number;
  readonly sinceRequest: number;
}

/** Scales idle pools by one, one after the other, and looks up in the audit log when their pods came. */
export async function reaction({ fleet, samples }: FleetScenario, world: World): Promise<Reading[]> {
  await ensureFleet(fleet, world);
  const pools = fleetOwners(fleet)
    .filter(({ namespace }) => namespace === WATCHED_NAMESPACE)
    .slice(0, samples);
  await world.ensureNodes(world.nodes + Math.ceil(pools.length / 8));
  await sleep(systemClock, LATE_MS);
  const from = systemClock.now() * 1000;
  for (const { namespace, name, replicas } of pools) {
    await world.client.mergePatch(MinerPools, { namespace, name }, { spec: { replicas: replicas + 1 } });
    await sleep(systemClock, EVERY_MS);
  }
  await sleep(systemClock, LATE_MS);
  const entries = (await readAudit(world.auditFile)).filter(
    ({ requestReceivedTimestamp }) => microseconds(requestReceivedTimestamp) >= from,
  );
  const reactions = pairs(
    entries,
    pools.map(({ name, replicas }) => ({ pool: name, pod: `${name}-${replicas}` })),
  );
  const answers = reactions.map(({ sinceAnswer }) => sinceAnswer);
  const requests = reactions.map(({ sinceRequest }) => sinceRequest);
  return [
    { id: 'reactionP50', value: percentile(requests, 0.5), samples: requests },
    { id: 'reactionP99', value: percentile(requests, 0.99), samples: requests },
    { id: 'sinceAnswerP50', value: percentile(answers, 0.5), samples: answers },
  ];
}

/**
 * For each pool, the change of its spec and the creation of its new pod.
 * @throws Error when one of them is not in the log
 */
export function pairs(
  entries: readonly AuditEntry[],
  wanted: readonly { readonly pool: string; readonly pod: string }[],
): Reaction[] {
  const changes = entriesByName(entries, 'patch', 'minerpools');
  const creations = entriesByName(entries, 'create', 'pods');
  return wanted.map(({ pool, pod }) => {
    const change = changes.get(pool);
    const creation = creations.get(pod);
    if (change === undefined || creation === undefined) {
      throw new Error(
        `the audit log has no ${change === undefined ? `change of ${pool}` : `creation of ${pod}`}`,
      );
    }
    const created = microseconds(creation.requestReceivedTimestamp);
    return {
      sinceAnswer: (created - microseconds(change.stageTimestamp)) / 1000,
      sinceRequest: (created - microseconds(change.requestReceivedTimestamp)) / 1000,
    };
  });
}
