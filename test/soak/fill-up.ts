import type { KubeClient } from '../../src/kube/client.ts';
import { MinerPools } from '../../src/api/miner-pool.ts';
import { untilPasses } from '../support/until-passes.ts';
import { poolManifest, NAMESPACE } from './churn.ts';
import type { Watcher } from './watcher.ts';

/** Together a little more than the 4096 events that an operator remembers: each pool makes one. */
const WAVES = 9;
const POOLS = 500;

/**
 * Fills what the operator remembers of events: at the soak's own pace that takes longer than the soak, and would look like a leak all
 * the while. Suspended pools cost no pods, but are announced.
 */
export async function fillUp(client: KubeClient, watcher: Watcher): Promise<void> {
  const spec = { replicas: 1, suspended: true, image: 'example/idle:none' };
  const settled = (wanted: ReadonlyMap<string, typeof spec>): Promise<void> =>
    untilPasses(() => {
      const [first] = watcher.differences(wanted);
      if (first !== undefined) {
        throw new Error(first);
      }
    });
  for (let wave = 0; wave < WAVES; wave++) {
    const names = Array.from({ length: POOLS }, (_, i) => `fill-${wave}-${i}`);
    await Promise.all(
      names.map((name) => client.apply(MinerPools, poolManifest(name, spec), { force: true })),
    );
    await settled(new Map(names.map((name) => [name, spec])));
    await Promise.all(names.map((name) => client.delete(MinerPools, { namespace: NAMESPACE, name })));
  }
}
