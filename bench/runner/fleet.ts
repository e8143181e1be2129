import { MinerPools, type MinerPool } from '../../src/api/miner-pool.ts';
import { findCondition } from '../../src/api/conditions.ts';
import { sleep, systemClock } from '../../src/time/clock.ts';
import type { Immutable } from '../../src/api/kube-object.ts';
import { nodesFor } from '../generator/nodes.ts';
import { type Owner, poolManifest } from '../generator/owners.ts';
import type { Fleet } from '../scenarios/scenario.ts';
import { inParallel } from '../world/in-parallel.ts';
import { makeNamespace } from '../world/namespaces.ts';
import { type World, WATCHED_NAMESPACE } from '../world/world.ts';

/** A fifth of the fleet's pools is where the audit log follows them; the rest is elsewhere. */
const NAMESPACES = [WATCHED_NAMESPACE, 'bench-fleet-1', 'bench-fleet-2', 'bench-fleet-3', 'bench-fleet-4'];
const TIMEOUT_MS = 900_000;
/** After the last pool is Ready: the last status is written, the last event sent. */
const QUIET_MS = 10_000;

/** The pools of a fleet. Pure. */
export function fleetOwners({ owners, replicas }: Fleet): Owner[] {
  return Array.from({ length: owners }, (_, index) => ({
    namespace: NAMESPACES[index % NAMESPACES.length] ?? WATCHED_NAMESPACE,
    name: `f${index}`,
    replicas,
  }));
}

/** Makes the fleet unless an earlier scenario has, and waits until every pool is Ready and all is quiet. */
export async function ensureFleet(fleet: Fleet, world: World): Promise<void> {
  const owners = fleetOwners(fleet);
  const { items } = await world.client.list(MinerPools, { namespace: WATCHED_NAMESPACE, limit: 1 });
  if (items.length > 0) {
    return;
  }
  await world.ensureNodes(nodesFor(fleet.owners * fleet.replicas));
  for (const namespace of NAMESPACES) {
    await makeNamespace(world.client, namespace);
  }
  await inParallel(owners, 16, (owner) => world.client.create(MinerPools, poolManifest(owner)));
  await untilReady(owners.length, world);
  await sleep(systemClock, QUIET_MS);
}

async function untilReady(count: number, { client }: World): Promise<void> {
  const deadline = systemClock.monotonic() + TIMEOUT_MS;
  for (;;) {
    const { items } = await client.list(MinerPools);
    const ready = items.filter(isReady).length;
    if (ready >= count) {
      return;
    }
    if (systemClock.monotonic() > deadline) {
      throw new Error(`${ready} of ${count} pools were Ready after ${TIMEOUT_MS / 1000} s`);
    }
    await sleep(systemClock, 1000);
  }
}

function isReady({ status }: Immutable<MinerPool>): boolean {
  return findCondition(status?.conditions, 'Ready')?.status === 'True';
}
