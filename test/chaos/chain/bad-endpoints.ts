import { GETH_BUMP_PERCENT } from '../../../src/chain/fees/replacement.ts';
import type { Anvil } from './anvil.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type MempoolGate, mempoolGate } from './mempool-gate.ts';
import { randomOf } from './random.ts';
import { LIES, RPC_FAULTS, type RpcFault } from './rpc-fault.ts';
import type { MempoolRules, RefusalKind } from './strict-mempool.ts';

/** What the endpoints of a run have done to those who asked them. */
export interface EndpointFigures {
  readonly faults: Readonly<Record<RpcFault, number>>;
  readonly refusals: Readonly<Record<RefusalKind, number>>;
  /** How many hanging answers somebody waited for to their end. */
  readonly patience: number;
}

/** Two endpoints of one node, with one strict mempool. The first, which is preferred, lies and fails often, the second only fails. */
export interface BadEndpoints {
  readonly urls: readonly string[];
  readonly mempool: MempoolGate;
  figures(): EndpointFigures;
  close(): Promise<void>;
}

const GWEI = 10n ** 9n;
/** The least tip is what anvil suggests. */
export const USUAL_RULES: MempoolRules = { minTipWei: GWEI, bumpPercent: GETH_BUMP_PERCENT };
/** Of a hundred requests to the first and to the second endpoint so many meet a fault. */
const PERCENT = [8, 3] as const;
const HANG_MS = 30_000;

export async function startBadEndpoints(anvil: Anvil, seed: number): Promise<BadEndpoints> {
  const mempool = mempoolGate(anvil, USUAL_RULES);
  const honest = RPC_FAULTS.filter((fault) => !LIES.includes(fault));
  const proxies: FaultProxy[] = [];
  for (const [index, percent] of PERCENT.entries()) {
    const faults = index === 0 ? RPC_FAULTS : honest;
    const random = randomOf(seed + 1 + index);
    proxies.push(await startFaultProxy({ anvil, mempool, faults, percent, hangMs: HANG_MS, random }));
  }
  const sum = (of: (proxy: FaultProxy) => number): number => proxies.reduce((all, each) => all + of(each), 0);
  return {
    urls: proxies.map(({ url }) => url),
    mempool,
    figures: () => ({
      faults: Object.fromEntries(
        RPC_FAULTS.map((fault) => [fault, sum(({ counts }) => counts[fault])]),
      ) as Record<RpcFault, number>,
      refusals: { ...mempool.refusals },
      patience: sum(({ patience }) => patience()),
    }),
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}
