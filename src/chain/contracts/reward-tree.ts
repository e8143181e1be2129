import { AbiCoder, concat, getAddress, keccak256 } from 'ethers';

/** What a provider gets for an epoch. */
export interface Reward {
  readonly provider: string;
  /** In the smallest unit of the token, at least 1. */
  readonly amount: bigint;
}

/** The Merkle tree of an epoch's rewards, as EpochRewards checks it. */
export interface RewardTree {
  readonly epoch: bigint;
  /** What the poster posts, a 0x-string of 32 bytes. */
  readonly root: string;
  /** Of all rewards, in the smallest unit of the token. */
  readonly total: bigint;
  /** From the provider's leaf to the root; undefined when it gets nothing. */
  proofOf(provider: string): readonly string[] | undefined;
}

/**
 * Builds the tree: leaves hashed twice, in order of size, pairs hashed in order of size; the layout of OpenZeppelin's StandardMerkleTree,
 * so that its tools can check it.
 * @param rewards at least one; the order does not matter
 * @throws Error when there is none, when a provider is there twice, or an amount is not positive
 */
export function rewardTree(epoch: bigint, rewards: readonly Reward[]): RewardTree {
  const leaves = rewards.map(({ provider, amount }) => {
    if (amount <= 0n) {
      throw new Error(`the reward of ${provider} for epoch ${epoch} must be positive, not ${amount}`);
    }
    return { provider: getAddress(provider), hash: rewardLeaf(epoch, provider, amount) };
  });
  leaves.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const nodes = new Array<string>(Math.max(0, 2 * leaves.length - 1));
  const places = new Map<string, number>();
  leaves.forEach(({ provider, hash }, index) => {
    if (places.has(provider)) {
      throw new Error(`${provider} has two rewards for epoch ${epoch}`);
    }
    const place = nodes.length - 1 - index;
    nodes[place] = hash;
    places.set(provider, place);
  });
  for (let place = leaves.length - 2; place >= 0; place--) {
    nodes[place] = pairHash(nodes[2 * place + 1] ?? '', nodes[2 * place + 2] ?? '');
  }
  const [root] = nodes;
  if (root === undefined) {
    throw new Error(`epoch ${epoch} has no rewards: there is no root to post`);
  }
  return {
    epoch,
    root,
    total: rewards.reduce((sum, { amount }) => sum + amount, 0n),
    proofOf(provider) {
      const place = places.get(getAddress(provider));
      return place === undefined ? undefined : siblings(nodes, place);
    },
  };
}

/**
 * The root that a proof leads to from the leaf of a reward: what EpochRewards computes to check a claim.
 * @param proof 0x-strings of 32 bytes in lower case
 */
export function rootOfProof(epoch: bigint, { provider, amount }: Reward, proof: readonly string[]): string {
  return proof.reduce(pairHash, rewardLeaf(epoch, provider, amount));
}

/** The leaf of a reward: keccak256(keccak256(abi.encode(epoch, provider, amount))). Twice, so that no inner node can pass for a leaf. */
function rewardLeaf(epoch: bigint, provider: string, amount: bigint): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ['uint256', 'address', 'uint256'],
    [epoch, provider, amount],
  );
  return keccak256(keccak256(encoded));
}

function pairHash(a: string, b: string): string {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]));
}

function siblings(nodes: readonly string[], leaf: number): string[] {
  const proof: string[] = [];
  for (let place = leaf; place > 0; place = (place - 1) >> 1) {
    proof.push(nodes[place % 2 === 1 ? place + 1 : place - 1] ?? '');
  }
  return proof;
}
