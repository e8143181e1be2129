import { headframeProtocol } from '../../../../src/chain/protocols/headframe/headframe-protocol.ts';
import type {
  AccountState,
  Move,
  NetworkFacts,
  StakingProtocol,
} from '../../../../src/chain/protocols/protocol.ts';
import { MULTICALL3_ADDRESS } from '../../../../src/chain/reads/multicall.ts';
import type { ChainReader } from '../../../../src/chain/rpc/chain-reader.ts';
import { rpcPool } from '../../../../src/chain/rpc/rpc-pool.ts';
import type { RpcPool } from '../../../../src/chain/rpc/rpc-pool.ts';
import { systemClock } from '../../../../src/time/clock.ts';
import { startNetwork } from '../../contracts/network.ts';
import type { Network } from '../../contracts/network.ts';
import { refusalOf } from '../../contracts/traced-chain.ts';

/** The reference contracts on a real chain, seen through the protocol. */
export interface SeenNetwork {
  readonly network: Network;
  readonly protocol: StakingProtocol;
  /** At the latest block. */
  reader(): Promise<ChainReader>;
  see(address: string): Promise<{ facts: NetworkFacts; state: AccountState; now: number }>;
  /** Rejects when the chain would refuse it now. */
  wouldTake(move: Move, from: string): Promise<void>;
  /** Sends it. @returns why the chain refuses it, undefined when it does not */
  make(move: Move, from: string): Promise<string | undefined>;
  stop(): Promise<void>;
}

export async function startSeenNetwork(): Promise<SeenNetwork> {
  const network = await startNetwork();
  const { minerRegistry, epochRewards } = network.at;
  const protocol = headframeProtocol({ minerRegistry, epochRewards, multicall3: MULTICALL3_ADDRESS });
  const pool = poolOf(network);
  const reader = (): Promise<ChainReader> => pool.reader();
  return {
    network,
    protocol,
    reader,
    async see(address) {
      const seen = await reader();
      const facts = await protocol.readFacts(seen);
      const [state] = await protocol.readAccounts(seen, facts, [address]);
      return { facts, state: state!, now: seen.block.timestamp * 1000 };
    },
    async wouldTake({ to, data }, from) {
      await network.chain.rpc.call('eth_call', { from, to, data }, 'latest');
    },
    async make({ to, data }, from) {
      const { status, trace } = await network.transact({ from, to, data });
      return status === '0x1' ? undefined : refusalOf(trace).name;
    },
    async stop() {
      pool.close();
      await network.stop();
    },
  };
}

/** Heads are never shared: each test sees what it has just made. */
function poolOf({ chain }: Network): RpcPool {
  return rpcPool({
    network: 'local',
    chainId: BigInt(chain.chainId),
    endpoints: [{ name: 'anvil', url: new URL(chain.url) }],
    clock: systemClock,
    headTtlMs: -1,
    timeoutMs: 60_000,
  });
}

/** Counts what a reader asks its node. */
export function counted(reader: ChainReader): { reader: ChainReader; calls: () => number } {
  let calls = 0;
  const count = <Output>(answer: Output): Output => {
    calls++;
    return answer;
  };
  return {
    reader: {
      ...reader,
      call: (call) => count(reader.call(call)),
      balance: (address) => count(reader.balance(address)),
      nonce: (address) => count(reader.nonce(address)),
      code: (address) => count(reader.code(address)),
    },
    calls: () => calls,
  };
}
