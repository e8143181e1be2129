import assert from 'node:assert/strict';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { StakeAccountStatus } from '../../../src/api/stake-account/status.ts';
import { tokenUnits, wei } from '../../../src/chain/amounts/amount.ts';
import type { RewardClaim, RewardProtocol, StakingProtocol } from '../../../src/chain/protocols/protocol.ts';
import type { ChainReader } from '../../../src/chain/rpc/chain-reader.ts';
import type { UsableNetwork } from '../../../src/controllers/networks/network-view.ts';
import { readRewards } from '../../../src/controllers/rewards/read-rewards.ts';
import { rewardFigures } from '../../../src/controllers/rewards/reward-ledger.ts';
import { networkFacts, stakeAccount } from '../../support/network-objects.ts';

const ALICE = '0x00000000000000000000000000000000000000a1';
const claim: RewardClaim = { epoch: 7, amount: tokenUnits(5n), proof: [] };

/** A chain of which a node has the headers of all blocks, and the state of the latest one alone. */
interface HeadOnlyChain {
  head: number;
  /** From this block on its blocks have other hashes. */
  forkedAt: number;
  /** The block that has the claim paid. */
  paidAt: number;
  calls: number;
  network(): UsableNetwork;
  reader(): ChainReader;
}

function headOnlyChain(): HeadOnlyChain {
  const chain: HeadOnlyChain = {
    head: 100,
    forkedAt: Infinity,
    paidAt: Infinity,
    calls: 0,
    network: () =>
      ({
        kind: 'usable',
        name: 'net',
        facts: networkFacts(),
        finality: { kind: 'depth', confirmations: 1000 },
        block: header(chain.head),
        protocol: { rewards } as unknown as StakingProtocol,
      }) as unknown as UsableNetwork,
    reader: () => ({
      endpoint: 'node',
      block: header(chain.head),
      ...({} as Omit<ChainReader, 'endpoint' | 'block'>),
      blockAt: (name) => Promise.resolve(header(Number(name))),
      call: () => Promise.reject(new Error('the state of old blocks is gone')),
    }),
  };
  const header = (number: number): ChainReader['block'] => ({
    number,
    hash: `${number >= chain.forkedAt ? 'b' : 'a'}${number}`,
    parentHash: '',
    timestamp: number,
    baseFeePerGas: wei(0n),
  });
  const rewards: Pick<RewardProtocol, 'readClaims' | 'readPaid'> = {
    readClaims: (reader, _facts, _address, claims) => {
      assert.equal(reader.block.number, chain.head, 'no other state is there');
      const standing = chain.head >= chain.paidAt ? ('Claimed' as const) : ('Claimable' as const);
      return Promise.resolve(claims.map((each) => ({ ...each, standing, claimableAt: 0 })));
    },
    readPaid: (reader, _facts, _address, epochs) => {
      assert.equal(reader.block.number, chain.head, 'no other state is there');
      return Promise.resolve(new Set(chain.head >= chain.paidAt ? epochs : []));
    },
  };
  return chain;
}

/** The account after a look at its rewards, and one write of its status. */
async function looked(account: StakeAccount, chain: HeadOnlyChain): Promise<StakeAccount> {
  const found = await readRewards(
    {
      account,
      network: chain.network(),
      claims: [claim],
      finalNumber: () => Promise.resolve(chain.head - 999),
    },
    chain.reader(),
  );
  const { rewards } = rewardFigures({
    before: account.status,
    look: { ...found, isUnread: false, problem: undefined, nextAt: undefined },
    shares: () => ({ shares: [], otherMilliUnits: 1 }),
    minimum: 1n,
    decimals: 0,
    pools: [],
  });
  const status = StakeAccountStatus.parse({ openTransactions: 0, conditions: [] });
  return { ...account, status: { ...status, rewards } };
}

describe('controllers/rewards/read-rewards', () => {
  const claimed = ({ status }: StakeAccount): string | undefined => status?.rewards?.claimed;

  it('counts a claim when the block is final in which it was seen to be paid, on a node without old state', async () => {
    const chain = headOnlyChain();
    let account = await looked(stakeAccount('a', ALICE), chain);
    chain.head = chain.paidAt = 120;
    account = await looked(account, chain);
    assert.deepEqual(account.status?.rewards?.open[0]?.paidBlock, { number: 120, hash: 'a120' });
    chain.head = 120 + 998;
    account = await looked(account, chain);
    assert.equal(claimed(account), '0');
    chain.head = 120 + 999;
    account = await looked(account, chain);
    assert.equal(claimed(account), '5');
    assert.deepEqual(account.status?.rewards?.open, []);
    account = await looked(account, chain);
    assert.equal(claimed(account), '5');
  });

  it('takes a block that was undone for none', async () => {
    const chain = headOnlyChain();
    chain.paidAt = 100;
    let account = await looked(stakeAccount('a', ALICE), chain);
    chain.forkedAt = 90;
    chain.head = 100 + 999;
    account = await looked(account, chain);
    assert.equal(claimed(account), '0');
    assert.deepEqual(account.status?.rewards?.open[0]?.paidBlock, { number: 1099, hash: 'b1099' });
    chain.head = 1099 + 999;
    assert.equal(claimed(await looked(account, chain)), '5');
  });

  it('says until which block nothing can change, and nothing while something can', async () => {
    const chain = headOnlyChain();
    const look = async (account: StakeAccount): Promise<number | undefined> => {
      const order = { account, network: chain.network(), claims: [claim] };
      const found = await readRewards({ ...order, finalNumber: () => Promise.resolve(-1) }, chain.reader());
      return found.waitsFor;
    };
    assert.equal(await look(stakeAccount('a', ALICE)), undefined);
    chain.paidAt = 100;
    const account = await looked(stakeAccount('a', ALICE), chain);
    chain.head = 200;
    assert.equal(await look(account), 100);
  });
});
