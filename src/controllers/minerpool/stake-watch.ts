import { type Immutable, keyOf } from '../../api/kube-object.ts';
import type { MinerPool } from '../../api/miner-pool.ts';
import type { StakeAccount } from '../../api/stake-account.ts';
import type { Change } from '../../kube/informer.ts';
import type { Caches } from '../caches.ts';
import { stakeSaid } from './stake.ts';

/** The pools that name the account, when it says something else to them than before. Of other changes (of every block) nobody hears. */
export function poolsOnAccount(
  change: Change<StakeAccount>,
  { pools }: Pick<Caches, 'pools'>,
): readonly string[] {
  return [...pools.store.list()]
    .filter((pool) => isOn(pool, change.object) && isNews(change, pool))
    .map(keyOf);
}

function isOn({ metadata, spec }: Immutable<MinerPool>, account: Immutable<StakeAccount>): boolean {
  // A pool that was stored by hand may have anything as its spec.
  return (
    metadata.namespace === account.metadata.namespace && spec.stake?.accountRef.name === account.metadata.name
  );
}

function isNews(change: Change<StakeAccount>, { metadata: { name } }: Immutable<MinerPool>): boolean {
  return change.type !== 'updated' || stakeSaid(change.previous, name) !== stakeSaid(change.object, name);
}
