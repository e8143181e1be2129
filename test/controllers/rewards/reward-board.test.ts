import assert from 'node:assert/strict';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import type {
  ClaimStanding,
  RewardClaim,
  RewardProtocol,
  StakingProtocol,
} from '../../../src/chain/protocols/protocol.ts';
import type { ChainReader } from '../../../src/chain/rpc/chain-reader.ts';
import type { UsableNetwork } from '../../../src/controllers/networks/network-view.ts';
import { ProofsProblem } from '../../../src/controllers/rewards/proof-source.ts';
import { createRewardBoard } from '../../../src/controllers/rewards/reward-board.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { networkFacts, stakeAccount, stakingNetwork } from '../../support/network-objects.ts';

const ALICE = '0x00000000000000000000000000000000000000a1';
const HOUR_MS = 3_600_000;
const TOKEN = 10n ** 18n;

interface Circumstances {
  readonly standing: ClaimStanding;
  readonly amount?: bigint;
  /** The server answers with an error. */
  readonly isDown?: boolean;
}

/** How often an account at rest asks the server, and the chain, in an hour. */
async function asksInAnHour({ standing, amount = TOKEN, isDown = false }: Circumstances): Promise<{
  readonly server: number;
  readonly chain: number;
}> {
  const clock = manualClock();
  const end = clock.now() + HOUR_MS;
  const counted = { server: 0, chain: 0 };
  const claim: RewardClaim = { epoch: 7, amount: tokenUnits(amount), proof: [] };
  const network = stakingNetwork({ rewards: { proofsUrl: 'http://proofs.example/' } });
  const board = createRewardBoard({
    source: {
      claims() {
        counted.server++;
        return isDown ? Promise.reject(new ProofsProblem('down')) : Promise.resolve([claim]);
      },
    },
    networks: { get: () => network },
    clock,
    log: silentLogger,
  });
  const wakes: string[] = [];
  board.begin((key) => void wakes.push(key), new AbortController().signal);
  const rewards: Pick<RewardProtocol, 'readClaims'> = {
    readClaims(_reader, _facts, _address, claims) {
      counted.chain++;
      return Promise.resolve(claims.map((each) => ({ ...each, standing, claimableAt: end + HOUR_MS })));
    },
  };
  const block = (): ChainReader['block'] => ({
    number: 1,
    hash: String(clock.now()),
    parentHash: '',
    timestamp: 0,
    baseFeePerGas: wei(0n),
  });
  const view = (): UsableNetwork =>
    ({
      kind: 'usable',
      name: 'net',
      facts: networkFacts(),
      block: block(),
      finality: { kind: 'depth', confirmations: 1 },
      protocol: { rewards } as unknown as StakingProtocol,
      pool: { reader: () => Promise.resolve({ block: block() } as ChainReader) },
    }) as unknown as UsableNetwork;
  while (clock.now() < end) {
    wakes.length = 0;
    const look = await board.look(
      { account: stakeAccount('a', ALICE), network: view() },
      new AbortController().signal,
    );
    await clock.advance(0);
    const next = wakes.length > 0 ? clock.now() + 1 : Math.min(end, look?.nextAt ?? end);
    await clock.advance(Math.max(1, next - clock.now()));
  }
  return counted;
}

describe('controllers/rewards/reward-board', () => {
  it('asks the server once about a claim that is right, and the chain no more than once it is told of it', async () => {
    for (const circumstances of [
      { standing: 'Challenged' },
      { standing: 'Claimable', amount: TOKEN / 2n },
    ] as const) {
      const { server, chain } = await asksInAnHour(circumstances);
      assert.deepEqual([server, chain], [1, 1], circumstances.standing);
    }
  });

  it('looks at the chain each minute where a claim waits for cheaper gas, or for its root, and asks nobody else', async () => {
    for (const standing of ['Claimable', 'Unposted'] as const) {
      const { server, chain } = await asksInAnHour({ standing });
      assert.equal(server, 1);
      assert.equal(chain >= 59 && chain <= 61, true, `${chain} looks`);
    }
  });

  it('asks the server each minute while it is down, or tells what is wrong', async () => {
    for (const circumstances of [
      { standing: 'Claimable', isDown: true },
      { standing: 'Disproved' },
    ] as const) {
      const { server } = await asksInAnHour(circumstances);
      assert.equal(server >= 59 && server <= 61, true, `${server} times`);
    }
  });
});
