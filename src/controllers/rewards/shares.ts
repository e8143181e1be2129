import type { Immutable } from '../../api/kube-object.ts';
import type { PoolAllotment } from '../../api/stake-account/status.ts';
import type { AccountState, Miner } from '../../chain/protocols/protocol.ts';
import { minerId } from '../miner-id.ts';
import type { Shares } from './reward-ledger.ts';

/** Whose miners are registered now, by the size that the chain says. Pools without any are left out. */
export function sharesOf(
  pools: readonly Immutable<PoolAllotment>[],
  state: AccountState,
  miners: readonly Miner[],
  tag: string,
): Shares {
  const sizes = new Map(miners.map(({ id, milliUnits }) => [id, milliUnits]));
  const shares = pools
    .map(({ name, ceiling }) => ({
      pool: name,
      milliUnits: Array.from(
        { length: ceiling },
        (_, ordinal) => sizes.get(minerId(tag, name, ordinal)) ?? 0,
      ).reduce((sum, size) => sum + size, 0),
    }))
    .filter(({ milliUnits }) => milliUnits > 0);
  const known = shares.reduce((sum, { milliUnits }) => sum + milliUnits, 0);
  return { shares, otherMilliUnits: Math.max(0, state.milliUnits - known) };
}
