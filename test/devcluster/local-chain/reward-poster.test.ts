import assert from 'node:assert/strict';
import { ZeroHash, encodeBytes32String } from 'ethers';
import type { ContractWrite } from '../../../src/chain/contracts/binding.ts';
import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { lookAt } from '../../../src/devcluster/local-chain/chain-look.ts';
import { type NetworkAddresses, deployNetwork } from '../../../src/devcluster/local-chain/deploy.ts';
import { type LocalChain, startLocalChain } from '../../../src/devcluster/local-chain/local-chain.ts';
import type { ServedClaim } from '../../../src/devcluster/local-chain/proofs-server.ts';
import { type RewardPoster, startRewardPoster } from '../../../src/devcluster/local-chain/reward-poster.ts';
import { transact } from '../../../src/devcluster/local-chain/transact.ts';
import { untilPasses } from '../../support/until-passes.ts';

const TOKEN = 10n ** 18n;
const EPOCH_SECONDS = 3600;
const CHALLENGE_SECONDS = 600;

describe('the reward poster of a local chain', function () {
  this.timeout(60_000);
  let chain: LocalChain;
  let at: NetworkAddresses;
  let poster: RewardPoster | undefined;
  let errors: unknown[];

  beforeEach(async () => {
    errors = [];
    chain = await startLocalChain({ accounts: 5 });
    const [from = '', other = ''] = chain.accounts;
    at = await deployNetwork({
      rpc: chain.rpc,
      from,
      roles: { governor: from, guardian: from, slasher: from, poster: other },
      parameters: {
        maxThawingPeriod: 86_400n,
        terms: { stakePerUnit: 90n, stakePerMiner: 10n, minThawingPeriod: 60n, minVerifierCut: 0n },
        epochLength: BigInt(EPOCH_SECONDS),
        challengeDelay: BigInt(CHALLENGE_SECONDS),
      },
    });
  });
  afterEach(async () => {
    await poster?.stop();
    await chain.stop();
    assert.deepEqual(errors, []);
  });

  const account = (index: number): string => chain.accounts[index] ?? '';
  const start = async (): Promise<RewardPoster> => {
    poster = await startRewardPoster({
      rpc: chain.rpc,
      at,
      poster: account(1),
      amountPerUnit: TOKEN,
      onError: (error) => errors.push(error),
    });
    return poster;
  };

  async function send<Args extends readonly unknown[]>(
    from: string,
    to: string,
    write: ContractWrite<Args, unknown>,
    ...args: Args
  ): Promise<void> {
    await transact(chain.rpc, { from, to, data: write.encode(...args) });
  }

  /** Stakes for a miner of so many thousandths of a unit, and registers it. */
  async function provide(provider: string, milliUnits: bigint): Promise<void> {
    const tokens = 10_000n;
    const { stake, provision } = stakeManager.writes;
    await send(provider, at.token, testToken.writes.mint, provider, tokens);
    await send(provider, at.token, testToken.writes.approve, at.stakeManager, tokens);
    await send(provider, at.stakeManager, stake, tokens);
    await send(provider, at.stakeManager, provision, provider, at.minerRegistry, tokens, 1_000_000n, 60n);
    const miner = { id: encodeBytes32String('m'), endpointHash: ZeroHash, milliUnits };
    await send(provider, at.minerRegistry, minerRegistry.writes.registerMany, provider, [miner]);
  }

  async function checkIn(...providers: readonly string[]): Promise<bigint> {
    const epoch = await lookAt(chain.rpc).read(at.epochRewards, epochRewards.reads.currentEpoch);
    for (const provider of providers) {
      await send(provider, at.epochRewards, epochRewards.writes.checkIn, provider, epoch);
    }
    return epoch;
  }

  async function pass(seconds: number): Promise<void> {
    await chain.rpc.call('evm_increaseTime', seconds);
    await chain.rpc.call('evm_mine');
  }

  async function served(provider: string): Promise<{ status: number; claims: ServedClaim[] }> {
    const response = await fetch(`${poster?.proofsUrl}/${provider.toLowerCase()}.json`);
    const body = (await response.json()) as { claims?: ServedClaim[] };
    return { status: response.status, claims: body.claims ?? [] };
  }

  async function claimsOnceThereAre(count: number, provider: string): Promise<ServedClaim[]> {
    return untilPasses(async () => {
      const { claims } = await served(provider);
      assert.equal(claims.length, count);
      return claims;
    }, 20_000);
  }

  it('pays who has checked in by registered units, with proofs that the contract takes', async () => {
    const [alice, bob, idle] = [account(2), account(3), account(4)];
    await provide(alice, 2500n);
    await provide(bob, 500n);
    await provide(idle, 1000n);
    await start();
    const epoch = await checkIn(alice, bob);
    assert.equal((await served(alice)).status, 404);

    await pass(EPOCH_SECONDS);
    const [ofAlice] = await claimsOnceThereAre(1, alice);
    const [ofBob] = await claimsOnceThereAre(1, bob);

    assert.deepEqual([ofAlice?.epoch, ofAlice?.amount], [Number(epoch), '2500000000000000000']);
    assert.equal(ofBob?.amount, '500000000000000000');
    assert.equal((await served(idle)).status, 404);
    await pass(CHALLENGE_SECONDS);
    const { claim } = epochRewards.writes;
    for (const [provider, each] of [
      [alice, ofAlice],
      [bob, ofBob],
    ] as const) {
      const held = (): Promise<bigint> =>
        lookAt(chain.rpc).read(at.token, testToken.reads.balanceOf, provider);
      const before = await held();
      const amount = BigInt(each?.amount ?? 0);
      await send(provider, at.epochRewards, claim, provider, epoch, amount, [...(each?.proof ?? [])]);
      assert.equal((await held()) - before, amount);
    }
  });

  it('leaves epochs without check-ins alone, and goes on with the next', async () => {
    const alice = account(2);
    await provide(alice, 1000n);
    await start();
    await pass(3 * EPOCH_SECONDS);
    const epoch = await checkIn(alice);
    await pass(EPOCH_SECONDS);

    const [claim] = await claimsOnceThereAre(1, alice);
    const roots = await lookAt(chain.rpc).events(at.epochRewards, epochRewards.events.RootPosted, {});

    assert.equal(claim?.epoch, Number(epoch));
    assert.deepEqual(
      roots.map(({ fields }) => fields.epoch),
      [epoch],
    );
  });

  it('serves what was posted before when it is started again, and posts nothing twice', async () => {
    const alice = account(2);
    await provide(alice, 1000n);
    await start();
    for (const count of [1, 2]) {
      await checkIn(alice);
      await pass(EPOCH_SECONDS);
      await claimsOnceThereAre(count, alice);
    }
    const before = (await served(alice)).claims;
    await poster?.stop();
    // Another size: the rewards of the past stay what they were.
    await send(alice, at.minerRegistry, minerRegistry.writes.deregisterMany, alice, [
      encodeBytes32String('m'),
    ]);

    await start();

    assert.deepEqual(await claimsOnceThereAre(2, alice), before);
    const roots = await lookAt(chain.rpc).events(at.epochRewards, epochRewards.events.RootPosted, {});
    assert.equal(roots.length, 2);
  });

  it('serves nothing but claims', async () => {
    const { proofsUrl } = await start();
    const statuses = await Promise.all(
      ['/', '/../x', `/${account(2)}.json`, `/${account(2).toLowerCase()}.json`].map(
        async (path) => (await fetch(`${proofsUrl}${path}`)).status,
      ),
    );
    const posted = await fetch(`${proofsUrl}/x`, { method: 'POST', body: 'x' });

    assert.deepEqual(statuses, [404, 404, 404, 404]);
    assert.equal(posted.status, 405);
  });
});
