import assert from 'node:assert/strict';
import { AbiCoder, encodeBytes32String, getAddress, id, zeroPadValue } from 'ethers';
import { epochRewards } from '../../../src/chain/contracts/generated/epoch-rewards.ts';
import { minerRegistry } from '../../../src/chain/contracts/generated/miner-registry.ts';
import { multicall3 } from '../../../src/chain/contracts/generated/multicall3.ts';
import { stakeManager } from '../../../src/chain/contracts/generated/stake-manager.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { decodeRevert, revertText } from '../../../src/chain/contracts/revert.ts';

const alice = getAddress(zeroPadValue('0xa1', 20));
const service = getAddress(zeroPadValue('0x5e', 20));
const one = encodeBytes32String('one');
const coder = AbiCoder.defaultAbiCoder();

interface Hashed {
  readonly signature: string;
  readonly selector?: string;
  readonly topic?: string;
}

describe('chain/contracts/binding', () => {
  it('has the selectors of the standards', () => {
    assert.equal(testToken.writes.transfer.selector, '0xa9059cbb');
    assert.equal(testToken.reads.balanceOf.selector, '0x70a08231');
    assert.equal(testToken.events.Transfer.topic, id('Transfer(address,address,uint256)'));
  });

  for (const contract of [epochRewards, minerRegistry, multicall3, stakeManager, testToken]) {
    it(`finds all of ${contract.name} in its ABI`, () => {
      const { reads, writes, events, errors } = contract;
      for (const each of [reads, writes, errors].flatMap((named) => Object.values<Hashed>(named))) {
        assert.equal(each.selector, id(each.signature).slice(0, 10));
      }
      for (const each of Object.values<Hashed>(events)) {
        assert.equal(each.topic, id(each.signature));
      }
    });
  }

  it('encodes calls and reads them back, structs and lists too', () => {
    const { registerMany } = minerRegistry.writes;
    const { claim } = epochRewards.writes;
    const miners = [
      { id: one, endpointHash: id('a'), milliUnits: 7915n },
      { id: encodeBytes32String('two'), endpointHash: id('b'), milliUnits: 1n },
    ];

    assert.deepEqual(registerMany.decodeArgs(registerMany.encode(alice, miners)), [alice, miners]);
    assert.deepEqual(claim.decodeArgs(claim.encode(alice, 1n, 2n, [id('p')])), [alice, 1n, 2n, [id('p')]]);
    assert.equal(registerMany.decodeArgs(claim.encode(alice, 1n, 2n, [])), undefined);
  });

  it('reads outputs as plain objects', () => {
    const stake = coder.encode(['tuple(uint128,uint128)'], [[7n, 3n]]);
    const cover = coder.encode(['uint256', 'uint256'], [5n, 10n]);

    assert.deepEqual(stakeManager.reads.stakeOf.decodeOutput(stake), {
      tokensStaked: 7n,
      tokensProvisioned: 3n,
    });
    assert.deepEqual(minerRegistry.reads.coverOf.decodeOutput(cover), { available: 5n, required: 10n });
  });

  const wrong: readonly (readonly [what: string, attempt: () => unknown])[] = [
    ['the answer of an address without code', () => stakeManager.reads.stakeOf.decodeOutput('0x')],
    ['a negative amount', () => stakeManager.writes.stake.encode(-1n)],
    ['an amount that does not fit', () => stakeManager.writes.stake.encode(2n ** 256n)],
    ['what is no address', () => stakeManager.writes.stakeTo.encode('alice', 1n)],
    ['bytes of the wrong length', () => minerRegistry.reads.minerOf.encode(alice, '0x01')],
  ];
  for (const [what, attempt] of wrong) {
    it(`throws on ${what}`, () => {
      assert.throws(attempt);
    });
  }

  it('filters and reads events', () => {
    const { Staked } = stakeManager.events;
    const topics = Staked.topics({ provider: alice });
    const log = {
      topics: [Staked.topic, zeroPadValue(alice, 32), zeroPadValue(service, 32)],
      data: coder.encode(['uint256'], [9n]),
    };

    assert.deepEqual(topics, [Staked.topic, zeroPadValue(alice, 32).toLowerCase()]);
    assert.deepEqual(Staked.decode(log), { provider: alice, from: service, tokens: 9n });
    assert.equal(stakeManager.events.Unstaked.decode(log), undefined);
    assert.equal(Staked.decode({ topics: [], data: '0x' }), undefined);
  });
});

describe('chain/contracts/revert', () => {
  const error = (selector: string, types: string[], values: unknown[]): string =>
    selector + coder.encode(types, values).slice(2);

  it('tells custom errors with their fields', () => {
    const { selector } = minerRegistry.errors.InsufficientStake;
    const revert = decodeRevert(minerRegistry.errors, error(selector, ['uint256', 'uint256'], [5n, 10n]));

    assert.ok(revert);
    // The name narrows the fields.
    assert.ok(revert.name === 'InsufficientStake');
    assert.equal(revert.fields.required - revert.fields.available, 5n);
    assert.equal(revertText(revert), 'InsufficientStake(available: 5, required: 10)');
  });

  const others: readonly (readonly [what: string, data: string, text: string | undefined])[] = [
    ['a reason in words', error('0x08c379a0', ['string'], ['no']), 'Error(message: no)'],
    ['a panic', error('0x4e487b71', ['uint256'], [0x11n]), 'Panic(code: 17)'],
    ['an error of another contract', epochRewards.errors.NoRoot.selector + '00'.repeat(32), undefined],
    ['nothing', '0x', undefined],
  ];
  for (const [what, data, text] of others) {
    it(`says ${text ?? 'nothing'} of ${what}`, () => {
      const revert = decodeRevert(stakeManager.errors, data);

      assert.equal(revert === undefined ? undefined : revertText(revert), text);
    });
  }
});
