import assert from 'node:assert/strict';
import fc from 'fast-check';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import { formatTokens } from '../../../src/chain/amounts/decimal.ts';
import { RpcError } from '../../../src/chain/rpc/rpc-error.ts';
import type { ChainEvent } from '../../../src/chain/events/chain-event.ts';
import type { NetworkFacts, StakingProtocol } from '../../../src/chain/protocols/protocol.ts';
import type { ChainReader } from '../../../src/chain/rpc/chain-reader.ts';
import { DAY } from '../../chain/contracts/network.ts';
import { type SeenNetwork, startSeenNetwork } from '../../chain/protocols/headframe/seen-network.ts';
import { minerId } from '../../chain/protocols/headframe/situations.ts';
import { networkFacts } from '../../support/network-objects.ts';
import { eventually } from '../../support/eventually.ts';
import { untilPasses } from '../../support/until-passes.ts';
import { type ScannedChain, type ScannedNetwork, scannedNetwork } from './scanned-network.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

const ALICE = '0x00000000000000000000000000000000000000a1';

/** A chain whose every block is final at once. */
interface ModelChain extends ScannedChain {
  mine(blocks: number): void;
  slash(tokens: bigint): void;
  /** What was slashed behind a block. */
  since(block: number): bigint;
  /** The same blocks with other hashes. */
  become(chain: string): void;
  isSilent: boolean;
  /** It tells logs that no contract of ours writes. */
  isGarbled: boolean;
}

function modelChain(): ModelChain {
  let head = 10;
  let name = 'a';
  const slashes: { block: number; tokens: bigint }[] = [];
  const hash = (number: number): string =>
    `0x${name.charCodeAt(0).toString(16)}${number.toString(16).padStart(62, '0')}`;
  const header = (number: number): ChainReader['block'] => ({
    number,
    hash: hash(number),
    parentHash: hash(number - 1),
    timestamp: number,
    baseFeePerGas: wei(0n),
  });
  const chain: ModelChain = {
    isSilent: false,
    isGarbled: false,
    facts: networkFacts(),
    protocol: {
      slashes: {
        filter: () => ({ addresses: [] }),
        read: (_facts: NetworkFacts, { data, blockNumber }: ChainEvent) => ({
          address: ALICE,
          tokens: tokenUnits(BigInt(data)),
          block: blockNumber,
        }),
      },
    } as unknown as StakingProtocol,
    reader: () =>
      Promise.resolve({
        endpoint: 'model',
        block: header(head),
        blockAt: (at: number) => Promise.resolve(at > head ? undefined : header(at)),
        request(_method: string, [asked]: [{ fromBlock: string; toBlock: string }]) {
          if (chain.isSilent) {
            return Promise.reject(new RpcError('Timeout', 'model', 'it does not answer'));
          }
          const [from, to] = [Number(asked.fromBlock), Number(asked.toBlock)];
          return Promise.resolve(
            slashes
              .filter(({ block }) => block >= from && block <= to)
              .map(({ block, tokens }, index) => ({
                address: ALICE,
                topics: [],
                data: chain.isGarbled ? 'garbled' : `0x${tokens.toString(16).padStart(64, '0')}`,
                blockNumber: `0x${block.toString(16)}`,
                blockHash: hash(block),
                transactionHash: hash(index),
                logIndex: `0x${index.toString(16)}`,
              })),
          );
        },
      } as unknown as ChainReader),
    mine: (blocks) => void (head += blocks),
    slash: (tokens) => void slashes.push({ block: ++head, tokens }),
    since: (after) =>
      slashes.filter(({ block }) => block > after).reduce((sum, { tokens }) => sum + tokens, 0n),
    become: (other) => void (name = other),
  };
  return chain;
}

type Step =
  | { readonly kind: 'slash'; readonly tokens: bigint }
  | { readonly kind: 'mine'; readonly blocks: number }
  | { readonly kind: 'look'; readonly isWritten: boolean }
  | { readonly kind: 'count' | 'sync' | 'restart' | 'silence' };

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('slash' as const), tokens: fc.bigInt(1n, 10n ** 30n) }),
    fc.record({ kind: fc.constant('mine' as const), blocks: fc.constantFrom(1, 1999, 2000, 5000) }),
    fc.record({ kind: fc.constant('look' as const), isWritten: fc.boolean() }),
    fc.constantFrom<Step>({ kind: 'count' }, { kind: 'sync' }),
    fc.constantFrom<Step>({ kind: 'count' }, { kind: 'sync' }),
    fc.constantFrom<Step>({ kind: 'restart' }, { kind: 'silence' }),
  ),
  { maxLength: 30 },
);

async function take(step: Step, chain: ModelChain, scanned: ScannedNetwork): Promise<void> {
  switch (step.kind) {
    case 'slash':
      chain.slash(step.tokens);
      break;
    case 'mine':
      chain.mine(step.blocks);
      break;
    case 'look':
      scanned.look(step.isWritten);
      await scanned.wait();
      break;
    case 'silence':
      chain.isSilent = !chain.isSilent;
      break;
    case 'count':
    case 'sync':
    case 'restart':
      scanned[step.kind]();
  }
}

/** Looks and counts until there is nothing more to see. */
async function settled(scanned: ScannedNetwork): Promise<void> {
  for (let round = 0; round < 4; round++) {
    scanned.look();
    await scanned.wait();
    scanned.count();
    scanned.sync();
  }
}

describe('controllers/slashes', function () {
  this.timeout(searchTimeout(60_000));

  it('counts each slash once, whenever operators are killed and nodes are silent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), steps, async (isOld, given) => {
        const chain = modelChain();
        const scanned = scannedNetwork(chain, ALICE);
        if (isOld) {
          await settled(scanned);
        }
        for (const step of given) {
          await take(step, chain, scanned);
        }
        chain.isSilent = false;
        await settled(scanned);
        const { slashed, begins = Infinity } = scanned;
        assert.equal(slashed?.tokens, formatTokens(tokenUnits(chain.since(begins)), 18));
      }),
      { numRuns: searches(63) },
    );
  });

  it('counts one that is found while the first write of an account is on its way to the cache', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    scanned.look();
    await scanned.wait();
    scanned.look();
    await scanned.wait();
    scanned.look();
    scanned.count();
    chain.slash(5n);
    await scanned.wait();
    scanned.look();
    await scanned.wait();
    scanned.sync();
    await settled(scanned);
    assert.equal(scanned.slashed?.tokens, '0.000000000000000005');
  });

  it('keeps what it finds in a network that was made anew before its first write, also over a restart', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    await settled(scanned);
    scanned.renew();
    scanned.look(false);
    await scanned.wait();
    chain.slash(5n);
    scanned.look(false);
    await scanned.wait();
    scanned.look();
    scanned.restart();
    await settled(scanned);
    assert.equal(scanned.slashed?.tokens, '0.000000000000000005');
  });

  it('wakes accounts to begin, and when they were slashed, and nobody else', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE.toUpperCase().replace('0X', '0x'));
    await settled(scanned);
    assert.deepEqual(scanned.woken(), ['default/a']);
    chain.mine(1);
    await settled(scanned);
    assert.deepEqual(scanned.woken(), []);
    chain.slash(1n);
    await settled(scanned);
    assert.deepEqual(scanned.woken(), ['default/a']);
  });

  it('writes where the scan stands only when that is news', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    await settled(scanned);
    assert.equal(scanned.network.status?.scannedBlock?.number, 10);
    chain.mine(1999);
    await settled(scanned);
    assert.equal(scanned.network.status.scannedBlock.number, 10);
    chain.mine(1);
    await settled(scanned);
    assert.equal(scanned.network.status.scannedBlock.number, 2010);
  });

  it('says that logs cannot be read, when they could not be three times, and when they can again', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    await settled(scanned);
    const said = (): string[] =>
      scanned.board.statements(scanned.network).map(({ status, reason }) => `${status} ${reason}`);
    chain.isSilent = true;
    chain.mine(1);
    scanned.look();
    await scanned.wait();
    assert.deepEqual(said(), ['True SlashesRead']);
    await settled(scanned);
    assert.deepEqual(said(), ['False SlashesUnreadable']);
    chain.isSilent = false;
    await settled(scanned);
    assert.deepEqual(said(), ['True SlashesRead']);
  });

  it('goes no further than a log that cannot be read', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    await settled(scanned);
    chain.isGarbled = true;
    chain.slash(5n);
    await settled(scanned);
    assert.deepEqual(
      scanned.board.statements(scanned.network).map(({ reason }) => reason),
      ['SlashesUnreadable'],
    );
    chain.isGarbled = false;
    await settled(scanned);
    assert.equal(scanned.slashed?.tokens, '0.000000000000000005');
  });

  it('says that it is shown another chain, and loses nothing of its own meanwhile, nor over a restart', async () => {
    const chain = modelChain();
    const scanned = scannedNetwork(chain, ALICE);
    await settled(scanned);
    const before = scanned.network.status?.scannedBlock;
    const said = (): string[] => scanned.board.statements(scanned.network).map(({ reason }) => reason);
    chain.slash(5n);
    chain.become('b');
    for (let look = 0; look < 2; look++) {
      await settled(scanned);
      assert.deepEqual(said(), ['SlashesUnreadable']);
      scanned.restart();
    }
    assert.deepEqual(scanned.network.status?.scannedBlock, before);
    chain.become('a');
    await settled(scanned);
    assert.deepEqual(said(), ['SlashesRead']);
    assert.equal(scanned.slashed?.tokens, '0.000000000000000005');
  });

  describe('on chain', function () {
    this.timeout(120_000);
    let seen: SeenNetwork;
    before(async () => {
      seen = await startSeenNetwork();
    });
    after(() => seen.stop());

    it('sees one that new stake hides, costs as many calls for any number of accounts, and leaves out other services', async () => {
      const { at, who, send, transact } = seen.network;
      const { alice, slasher, service } = who;
      const { stake, provision, slash } = stakeManager.writes;
      await send(alice, at.stakeManager, stake, 5000n);
      await send(alice, at.stakeManager, provision, alice, at.minerRegistry, 1000n, 100_000n, DAY);
      await send(alice, at.stakeManager, provision, alice, service, 1000n, 0n, DAY);
      const miners = [{ id: minerId(1), endpointHash: minerId(0), milliUnits: 1000n }];
      await send(alice, at.minerRegistry, minerRegistry.writes.registerMany, alice, miners);
      const { facts } = await seen.see(alice);
      let calls = 0;
      let readers = 0;
      const scanned = scannedNetwork(
        {
          protocol: seen.protocol,
          facts,
          reader: async () => {
            const reader = await seen.reader();
            readers++;
            return {
              ...reader,
              blockAt(name) {
                calls++;
                return reader.blockAt(name);
              },
              request(method, params) {
                calls++;
                return reader.request(method, params);
              },
            };
          },
        },
        alice,
      );
      const round = async (): Promise<void> => {
        scanned.look();
        await scanned.wait();
        await eventually(() => scanned.board.statements(scanned.network).length === 1);
        scanned.look();
        scanned.count();
        scanned.sync();
      };
      await round();
      await round();
      assert.equal(scanned.slashed?.tokens, '0');

      const registrySlash = minerRegistry.writes.slash;
      await send(slasher, at.minerRegistry, registrySlash, alice, minerId(1), 150n, 0n, slasher, minerId(9));
      await send(alice, at.stakeManager, stake, 150n);
      await transact({ from: service, to: at.stakeManager, data: slash.encode(alice, 70n, 0n, service) });
      await send(slasher, at.minerRegistry, registrySlash, alice, minerId(1), 7n, 0n, slasher, minerId(9));
      [calls, readers] = [0, 0];
      await round();
      await untilPasses(async () => {
        await round();
        assert.equal(scanned.slashed?.tokens, '0.000000000000000157');
      });
      assert.equal(calls <= 4 * readers, true, `${calls} calls in ${readers} steps`);
    });
  });
});
