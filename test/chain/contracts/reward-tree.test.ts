import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AbiCoder, concat, getAddress, id, keccak256, zeroPadValue } from 'ethers';
import { type Reward, rewardTree } from '../../../src/chain/contracts/reward-tree.ts';

/** OpenZeppelin's MerkleProof.processProof. */
function rootFrom(leaf: string, proof: readonly string[]): string {
  return proof.reduce((node, other) => keccak256(concat(node < other ? [node, other] : [other, node])), leaf);
}

function leafOf(epoch: bigint, { provider, amount }: Reward): string {
  const types = ['uint256', 'address', 'uint256'];
  return keccak256(keccak256(AbiCoder.defaultAbiCoder().encode(types, [epoch, provider, amount])));
}

const address = fc
  .bigInt({ min: 1n, max: 2n ** 160n - 1n })
  .map((value) => getAddress(`0x${value.toString(16).padStart(40, '0')}`));
const rewards = fc.uniqueArray(
  fc.record({ provider: address, amount: fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }) }),
  { minLength: 1, maxLength: 40, selector: ({ provider }) => provider },
);

describe('chain/contracts/reward-tree', () => {
  const alice = getAddress(zeroPadValue('0xa1', 20));
  const bob = getAddress(zeroPadValue('0xb0', 20));

  it('proves every reward, in any number of them', () => {
    fc.assert(
      fc.property(rewards, fc.bigInt({ min: 0n, max: 10n ** 9n }), (all, epoch) => {
        const tree = rewardTree(epoch, all);

        for (const reward of all) {
          assert.equal(rootFrom(leafOf(epoch, reward), tree.proofOf(reward.provider) ?? []), tree.root);
        }
        assert.equal(
          tree.total,
          all.reduce((sum, { amount }) => sum + amount, 0n),
        );
      }),
    );
  });

  it('does not depend on the order', () => {
    fc.assert(
      fc.property(rewards, (all) => {
        assert.equal(rewardTree(7n, all).root, rewardTree(7n, [...all].reverse()).root);
      }),
    );
  });

  it('has no proof for who gets nothing, and knows addresses in any spelling', () => {
    const tree = rewardTree(1n, [{ provider: alice, amount: 5n }]);

    assert.equal(tree.proofOf(bob), undefined);
    assert.deepEqual(tree.proofOf(alice.toLowerCase()), []);
    assert.equal(tree.root, leafOf(1n, { provider: alice, amount: 5n }));
  });

  const bad: readonly (readonly [what: string, rewards: readonly Reward[], error: RegExp])[] = [
    ['no rewards', [], /epoch 3 has no rewards/],
    ['a reward of nothing', [{ provider: alice, amount: 0n }], /must be positive, not 0/],
    [
      'two rewards of one provider',
      [
        { provider: alice, amount: 1n },
        { provider: alice.toLowerCase(), amount: 2n },
      ],
      /two rewards for epoch 3/,
    ],
    ['what is no address', [{ provider: id('x'), amount: 1n }], /invalid address/],
  ];
  for (const [what, given, error] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(() => rewardTree(3n, given), error);
    });
  }
});
