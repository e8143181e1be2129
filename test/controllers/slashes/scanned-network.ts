import { type StakeAccount, StakeAccounts } from '../../../src/api/stake-account.ts';
import { type SlashedStatus, StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import type { StakingNetwork } from '../../../src/api/staking-network.ts';
import { StakingNetworkStatus } from '../../../src/api/staking-network/status.ts';
import type { NetworkFacts, StakingProtocol } from '../../../src/chain/protocols/protocol.ts';
import type { ChainReader } from '../../../src/chain/rpc/chain-reader.ts';
import type { RpcPool } from '../../../src/chain/rpc/rpc-pool.ts';
import { accountIndexes } from '../../../src/controllers/caches.ts';
import { feePolicyOf } from '../../../src/controllers/networks/fee-policy-of.ts';
import type { UsableNetwork } from '../../../src/controllers/networks/network-view.ts';
import { type SlashBoard, createSlashBoard } from '../../../src/controllers/slashes/slash-board.ts';
import { slashedFigures } from '../../../src/controllers/slashes/slash-ledger.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { handCache } from '../../support/hand-fleet.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { stakeAccount, stakingNetwork } from '../../support/network-objects.ts';

export interface ScannedChain {
  readonly protocol: StakingProtocol;
  readonly facts: NetworkFacts;
  reader(): Promise<ChainReader>;
}

/** A network of one account, whose slashes are looked for as the operator does. What is written outlives the operator. */
export interface ScannedNetwork {
  readonly board: SlashBoard;
  /** Keys that were woken; emptied by reading. */
  woken(): string[];
  /** A look at the network. @param isWritten false: the operator is killed before its status is written */
  look(isWritten?: boolean): void;
  /** A reconcile of the account, with one write of its status, which the cache shows at the next {@link sync}. */
  count(): void;
  sync(): void;
  /** Lets time go by, until the next scan is due. */
  wait(): Promise<void>;
  /** Another operator takes over. */
  restart(): void;
  /** The StakingNetwork is made anew: nothing is written of it, and accounts have counted before. */
  renew(): void;
  readonly slashed: SlashedStatus | undefined;
  /** The block from which on the account counts, as it wrote first. */
  readonly begins: number | undefined;
  readonly network: StakingNetwork;
}

export function scannedNetwork(chain: ScannedChain, address: string): ScannedNetwork {
  const clock = manualClock();
  const accounts = handCache(StakeAccounts, [stakeAccount('a', address)], { indexes: accountIndexes });
  let network = stakingNetwork();
  let keys: string[] = [];
  let board = start();

  function start(): SlashBoard {
    const made = createSlashBoard({ accounts: accounts.informer.store, clock, log: silentLogger });
    made.begin((key) => void keys.push(key));
    return made;
  }

  const view = {
    kind: 'usable',
    name: 'net',
    chainId: 31_337n,
    pool: { reader: () => chain.reader() } as unknown as RpcPool,
    protocol: chain.protocol,
    facts: chain.facts,
    block: { number: 0, hash: '', time: 0 },
    fees: feePolicyOf(network.spec.fees),
    finality: { kind: 'depth', confirmations: 1 },
    confirmations: 1,
    pollMs: 12_000,
  } as const satisfies UsableNetwork;

  let version = 1;
  let written: StakeAccount | undefined;
  let begins: number | undefined;

  function sync(): void {
    if (written !== undefined) {
      accounts.set(written);
      written = undefined;
    }
  }

  return {
    get board() {
      return board;
    },
    woken() {
      const now = keys;
      keys = [];
      return now;
    },
    look(isWritten = true) {
      const scannedBlock = board.look(network, view, new AbortController().signal);
      if (isWritten && scannedBlock !== undefined) {
        network = {
          ...network,
          status: { ...StakingNetworkStatus.parse({ conditions: [] }), scannedBlock: { ...scannedBlock } },
        };
      }
    },
    count() {
      const { status } = accounts.informer.store.get('default/a')!;
      const slashed = slashedFigures(status?.slashed, board.of('net', address), 18);
      // Who has written waits for the echo.
      if (slashed !== undefined && written === undefined) {
        begins ??= slashed.throughBlock;
        const given = stakeAccount('a', address);
        written = {
          ...given,
          metadata: { ...given.metadata, resourceVersion: String(++version) },
          status: { ...StakeAccountStatus.parse(status ?? { openTransactions: 0, conditions: [] }), slashed },
        };
      }
    },
    sync,
    wait: () => clock.advance(60_000),
    restart() {
      sync();
      board = start();
    },
    renew() {
      network = { ...stakingNetwork(), metadata: { ...network.metadata, uid: 'anew' } };
    },
    get slashed() {
      return accounts.informer.store.get('default/a')?.status?.slashed;
    },
    get begins() {
      return begins;
    },
    get network() {
      return network;
    },
  };
}
