import assert from 'node:assert/strict';
import { Wallet, toBeHex, zeroPadValue } from 'ethers';
import type { ContractWrite } from '../../../../src/chain/contracts/binding.ts';
import { epochRewards } from '../../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../../src/chain/contracts/generated/test-token.ts';
import { headframeProtocol } from '../../../../src/chain/protocols/headframe/headframe-protocol.ts';
import { ProtocolMismatch } from '../../../../src/chain/protocols/protocol.ts';
import { MULTICALL3_ADDRESS, MulticallError } from '../../../../src/chain/reads/multicall.ts';
import { deployNetwork } from '../../../../src/devcluster/local-chain/deploy.ts';
import { DAY, PURSE, onFreshState, parameters } from '../../contracts/network.ts';
import type { Receipt } from '../../contracts/traced-chain.ts';
import { counted, startSeenNetwork } from './seen-network.ts';
import type { SeenNetwork } from './seen-network.ts';
import { minerId } from './situations.ts';

const MAX = 2n ** 256n - 1n;
const NO_ENDPOINT = minerId(0);

/** What the protocol reads of real contracts. */
describe('chain/protocols/headframe on chain', function () {
  this.timeout(120_000);
  let seen: SeenNetwork;
  before(async () => {
    seen = await startSeenNetwork();
  });
  after(() => seen.stop());

  const send = <Args extends readonly unknown[]>(
    from: string,
    to: string,
    write: ContractWrite<Args, unknown>,
    ...args: Args
  ): Promise<Receipt> => seen.network.send(from, to, write, ...args);
  const manage = stakeManager.writes;

  /** Alice has 2000 staked, 1000 of them provisioned. */
  async function provisioned(): Promise<void> {
    const { alice } = seen.network.who;
    const { stakeManager: to, minerRegistry: registry } = seen.network.at;
    await send(alice, to, manage.stake, 2000n);
    await send(alice, to, manage.provision, alice, registry, 1000n, 100_000n, DAY);
  }

  async function register(first: number, count: number): Promise<void> {
    const { alice } = seen.network.who;
    const miners = Array.from({ length: count }, (_, index) => ({
      id: minerId(first + index),
      endpointHash: NO_ENDPOINT,
      milliUnits: 1500n,
    }));
    await send(alice, seen.network.at.minerRegistry, minerRegistry.writes.registerMany, alice, miners);
  }

  describe('facts', () => {
    onFreshState(() => seen.network);

    it('say what is staked, what miners need, and which epoch it is', async () => {
      const { at } = seen.network;
      await seen.network.pass(parameters.epochLength * 3n);
      const { facts } = await seen.see(seen.network.who.alice);
      const genesis = Number(await seen.network.read(at.epochRewards, epochRewards.reads.genesis));

      assert.deepEqual(facts, {
        token: { address: at.token, symbol: 'HFT', decimals: 18 },
        terms: { stakePerMiner: 10n, stakePerUnit: 100n, thawingSeconds: 86_400, maxVerifierCutPpm: 100_000 },
        epoch: { number: 3, startsAt: (genesis + 3 * 3600) * 1000, endsAt: (genesis + 4 * 3600) * 1000 },
        paused: [],
        contracts: {
          MinerRegistry: at.minerRegistry,
          StakeManager: at.stakeManager,
          Token: at.token,
          EpochRewards: at.epochRewards,
        },
      });
      assert.equal(
        facts.epoch.number,
        Number(await seen.network.read(at.epochRewards, epochRewards.reads.currentEpoch)),
      );
    });

    it('cost three calls at first, then one', async () => {
      const { at } = seen.network;
      const fresh = headframeProtocol({ ...at, multicall3: MULTICALL3_ADDRESS });
      const first = counted(await seen.reader());
      const second = counted(await seen.reader());

      const facts = await fresh.readFacts(first.reader);
      const again = await fresh.readFacts(second.reader);

      assert.deepEqual(again, facts);
      assert.deepEqual([first.calls(), second.calls()], [3, 1]);
    });

    it('need no EpochRewards, and addresses in any case', async () => {
      const { minerRegistry: registry } = seen.network.at;
      const protocol = headframeProtocol({
        minerRegistry: registry.toLowerCase(),
        multicall3: MULTICALL3_ADDRESS.toLowerCase(),
      });
      const reader = await seen.reader();

      const facts = await protocol.readFacts(reader);
      const [state] = await protocol.readAccounts(reader, facts, [seen.network.who.alice]);

      assert.deepEqual(
        [facts.epoch, facts.contracts['EpochRewards'], state?.checkedIn],
        [undefined, undefined, false],
      );
      assert.equal(facts.contracts['MinerRegistry'], registry);
    });

    it('say what is paused', async () => {
      const { who, at } = seen.network;
      await send(who.guardian, at.stakeManager, stakeManager.writes.pause);
      await send(who.guardian, at.epochRewards, epochRewards.writes.pause);

      assert.deepEqual((await seen.see(who.alice)).facts.paused, ['StakeManager', 'EpochRewards']);
    });

    it('find other contracts behind the registry, as after a chain was started again', async () => {
      const { chain, who, at } = seen.network;
      const before = await seen.network.snapshot();
      const gone = await deployNetwork({ rpc: chain.rpc, from: who.deployer, roles: who, parameters });
      const protocol = headframeProtocol({
        minerRegistry: gone.minerRegistry,
        multicall3: MULTICALL3_ADDRESS,
      });
      const first = await protocol.readFacts(await seen.reader());
      await seen.network.restore(before);
      // Its code names the StakeManager.
      const code = await chain.rpc.call<string>('eth_getCode', at.minerRegistry, 'latest');
      await chain.rpc.call('anvil_setCode', gone.minerRegistry, code);
      await chain.rpc.call('evm_mine');

      const second = await protocol.readFacts(await seen.reader());

      assert.equal(first.contracts['StakeManager'], gone.stakeManager);
      assert.deepEqual([second.contracts['StakeManager'], second.token.address], [at.stakeManager, at.token]);
    });
  });

  describe('what is no network of this protocol', () => {
    onFreshState(() => seen.network);
    const somewhere = Wallet.createRandom().address;

    type Options = Partial<Parameters<typeof headframeProtocol>[0]>;
    const rows: [it: string, (at: SeenNetwork['network']['at']) => Options, message: RegExp][] = [
      [
        'has no contract at the address of the registry',
        () => ({ minerRegistry: somewhere }),
        new RegExp(
          `^there is no contract at ${somewhere}, where the MinerRegistry should be: check its address`,
        ),
      ],
      [
        'has no contract at the address of EpochRewards',
        () => ({ epochRewards: somewhere }),
        new RegExp(`^there is no contract at ${somewhere}, where the EpochRewards should be`),
      ],
      [
        'has another contract as the registry',
        ({ stakeManager: minerRegistry }) => ({ minerRegistry }),
        /is no MinerRegistry: it refuses stakeManager\(\); check its address$/,
      ],
      [
        'has another contract as EpochRewards',
        ({ token }) => ({ epochRewards: token }),
        /is no EpochRewards: it refuses registry\(\); check its address$/,
      ],
    ];
    for (const [what, options, message] of rows) {
      it(what, async () => {
        const { at } = seen.network;
        const protocol = headframeProtocol({ ...at, multicall3: MULTICALL3_ADDRESS, ...options(at) });

        await assert.rejects(protocol.readFacts(await seen.reader()), (error) => {
          assert.ok(error instanceof ProtocolMismatch, String(error));
          assert.match(error.message, message);
          return true;
        });
      });
    }

    it('has the EpochRewards of another registry', async () => {
      const { chain, who, at } = seen.network;
      const other = await deployNetwork({ rpc: chain.rpc, from: who.deployer, roles: who, parameters });
      const { epochRewards: rewards } = other;
      const protocol = headframeProtocol({ ...at, epochRewards: rewards, multicall3: MULTICALL3_ADDRESS });

      await assert.rejects(
        protocol.readFacts(await seen.reader()),
        new ProtocolMismatch(
          `the EpochRewards ${rewards} is of the MinerRegistry ${other.minerRegistry}, not of ${at.minerRegistry}: name the two that belong together`,
        ),
      );
    });

    it('answers what cannot be read', async () => {
      const { chain, at } = seen.network;
      // Returns one byte, whatever it is asked: PUSH1 1, PUSH1 0, RETURN.
      await chain.rpc.call('anvil_setCode', at.minerRegistry, '0x60016000f3');

      await assert.rejects(
        seen.protocol.readFacts(await seen.reader()),
        /is no MinerRegistry: its answer to \w+\(\) cannot be read; check its address$/,
      );
    });

    it('has no Multicall3: that is another error', async () => {
      const protocol = headframeProtocol({ ...seen.network.at, multicall3: somewhere });

      await assert.rejects(protocol.readFacts(await seen.reader()), MulticallError);
    });
  });

  describe('the token', () => {
    onFreshState(() => seen.network);

    /** Code that answers the selectors of symbol() and decimals() with these words, and reverts else. */
    async function pretend(symbol: string | undefined, decimals: number | undefined): Promise<void> {
      const answer = (word: string): string => `7f${word.slice(2)}60005260206000f3`;
      const revert = '60006000fd';
      // Each arm: DUP1 PUSH4 selector EQ ISZERO PUSH2 next JUMPI answer JUMPDEST
      let code = '60003560e01c';
      for (const [read, value] of [
        [testToken.reads.symbol, symbol],
        [testToken.reads.decimals, decimals === undefined ? undefined : zeroPadValue(toBeHex(decimals), 32)],
      ] as const) {
        const body = value === undefined ? revert : answer(value);
        const head = code.length / 2 + 1 + 5 + 1 + 1 + 3 + 1;
        const next = (head + body.length / 2).toString(16).padStart(4, '0');
        code += `8063${read.selector.slice(2)}141561${next}57${body}5b`;
      }
      await seen.network.chain.rpc.call('anvil_setCode', seen.network.at.token, `0x${code}${revert}`);
    }

    it('may have a bytes32 for its symbol, as old ones have', async () => {
      await pretend(`0x4d4b52${'00'.repeat(29)}`, 6);

      const facts = await seen.protocol.readFacts(await seen.reader());

      assert.deepEqual(facts.token, { address: seen.network.at.token, symbol: 'MKR', decimals: 6 });
    });

    it('may have none', async () => {
      await pretend(undefined, 0);

      const facts = await seen.protocol.readFacts(await seen.reader());

      assert.deepEqual(facts.token, { address: seen.network.at.token, symbol: '', decimals: 0 });
    });

    it('must have decimals, and no more than 18 of them', async () => {
      await pretend(undefined, undefined);
      await assert.rejects(
        seen.protocol.readFacts(await seen.reader()),
        /is no ERC-20 token: it refuses decimals\(\)/,
      );

      await pretend(undefined, 19);
      await assert.rejects(seen.protocol.readFacts(await seen.reader()), (error) => {
        assert.ok(error instanceof ProtocolMismatch);
        assert.match(error.message, /has 19 decimals: only tokens with 18 or fewer can be staked/);
        return true;
      });
    });
  });

  describe('accounts', () => {
    onFreshState(() => seen.network, provisioned);

    it('are nothing at first, except for what they hold', async () => {
      const { bob } = seen.network.who;

      const { state } = await seen.see(bob);

      const coin = BigInt(await seen.network.chain.rpc.call<string>('eth_getBalance', bob, 'latest'));
      assert.deepEqual(state, {
        address: bob,
        coin,
        walletTokens: PURSE,
        allowance: MAX,
        idle: 0n,
        provisioned: 0n,
        thawing: 0n,
        hasProvision: false,
        thaws: [],
        miners: 0,
        milliUnits: 0,
        required: 0n,
        checkedIn: false,
      });
    });

    it('say what is idle, provisioned and thawing, and what their miners need', async () => {
      const { alice } = seen.network.who;
      const { at } = seen.network;
      await register(1, 2);
      await send(alice, at.stakeManager, manage.thaw, alice, at.minerRegistry, 100n);
      await send(alice, at.stakeManager, manage.thaw, alice, at.minerRegistry, 50n);
      const thawedAt = Number(await seen.network.now());
      await send(alice, at.token, testToken.writes.approve, at.stakeManager, 7n);
      const { facts } = await seen.see(alice);
      await send(alice, at.epochRewards, epochRewards.writes.checkIn, alice, BigInt(facts.epoch!.number));

      const { state } = await seen.see(alice);

      const { address: _address, coin: _coin, ...rest } = state;
      const dueAt = (thawedAt + Number(DAY)) * 1000;
      assert.deepEqual(rest, {
        walletTokens: PURSE - 2000n,
        allowance: 7n,
        idle: 1000n,
        provisioned: 850n,
        thawing: 150n,
        hasProvision: true,
        thaws: [
          { tokens: 100n, dueAt: dueAt - 1000 },
          { tokens: 50n, dueAt },
        ],
        miners: 2,
        milliUnits: 3000,
        required: 320n,
        checkedIn: true,
      });
      assert.equal(seen.protocol.required(facts.terms, 2, 3000), 320n);
      assert.equal(seen.protocol.required(facts.terms, 1, 1), 11n);
    });

    it('have what is provisioned elsewhere neither idle nor here', async () => {
      const { alice, service } = seen.network.who;
      await send(alice, seen.network.at.stakeManager, manage.provision, alice, service, 300n, 0n, DAY);

      const { state } = await seen.see(alice);

      assert.deepEqual([state.idle, state.provisioned], [700n, 1000n]);
    });

    it('keep thaws of which a slash has left nothing', async () => {
      const { alice, slasher } = seen.network.who;
      const { at } = seen.network;
      await send(alice, at.stakeManager, manage.thaw, alice, at.minerRegistry, 100n);
      const { slash } = minerRegistry.writes;
      await send(slasher, at.minerRegistry, slash, alice, minerId(1), 1000n, 0n, slasher, minerId(9));

      const { state } = await seen.see(alice);

      assert.deepEqual(
        [state.thawing, state.thaws.map(({ tokens }) => tokens), state.idle],
        [0n, [0n], 1000n],
      );
    });

    it('say when the network asks for other terms than their stake has', async () => {
      const { alice, governor } = seen.network.who;
      const { at } = seen.network;
      const longer = { ...parameters.terms, minThawingPeriod: 2n * DAY };
      await send(governor, at.minerRegistry, minerRegistry.writes.setTerms, longer);
      const unstaged = await seen.see(alice);
      const stage = manage.setProvisionParameters;
      await send(alice, at.stakeManager, stage, alice, at.minerRegistry, 0n, 2n * DAY);
      const wrong = await seen.see(alice);
      await send(alice, at.stakeManager, stage, alice, at.minerRegistry, 100_000n, 2n * DAY);
      const staged = await seen.see(alice);

      assert.deepEqual(
        [unstaged, wrong, staged].map(({ state }) => state.outdatedTerms),
        ['Unstaged', 'Unstaged', 'Staged'],
      );
    });

    it('cost four calls for a thousand, all at one block', async () => {
      const { alice } = seen.network.who;
      const addresses = Array.from({ length: 1000 }, (_, index) =>
        index === 777 ? alice : zeroPadValue(toBeHex(0x10_0000 + index), 20),
      );
      const facts = await seen.protocol.readFacts(await seen.reader());
      const { reader, calls } = counted(await seen.reader());

      const states = await seen.protocol.readAccounts(reader, facts, addresses);

      assert.equal(calls(), 4);
      assert.deepEqual(
        states.map(({ address }) => address.toLowerCase()),
        addresses.map((address) => address.toLowerCase()),
      );
      assert.deepEqual([states[777]?.idle, states[776]?.idle], [1000n, 0n]);
      assert.deepEqual(await seen.protocol.readAccounts(reader, facts, []), []);
    });
  });

  describe('miners', () => {
    onFreshState(() => seen.network, provisioned);

    it('are read page by page', async () => {
      const { alice } = seen.network.who;
      const { stakeManager: to, minerRegistry: registry } = seen.network.at;
      await send(alice, to, manage.stakeToProvision, alice, registry, 1_000_000n);
      for (let first = 1; first < 1000; first += 250) {
        await register(first, 250);
      }
      const reader = await seen.reader();
      const at1000 = counted(reader);

      const exact = await seen.protocol.readMiners(at1000.reader, alice);
      await register(1001, 1);
      const more = await seen.protocol.readMiners(await seen.reader(), alice);
      const pinned = await seen.protocol.readMiners(reader, alice);

      assert.equal(at1000.calls(), 3);
      assert.deepEqual([exact.length, more.length, pinned.length], [1000, 1001, 1000]);
      assert.deepEqual(exact[0], { id: minerId(1), milliUnits: 1500 });
      assert.equal(new Set(more.map(({ id }) => id)).size, 1001);
      assert.deepEqual(await seen.protocol.readMiners(reader, seen.network.who.bob), []);
    });
  });

  it('knows the errors of all contracts', () => {
    const names = ['StakeRequired', 'InsufficientStake', 'WrongEpoch', 'ERC20InsufficientBalance'];

    assert.ok(names.every((name) => seen.protocol.abis.some((abi) => abi.getError(name) !== null)));
  });
});
