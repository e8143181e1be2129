import assert from 'node:assert/strict';
import { multicall3 } from '../../../src/chain/contracts/generated/multicall3.ts';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { MULTICALL3_ADDRESS } from '../../../src/chain/reads/multicall.ts';
import { checkCoverage } from './governance.ts';
import { type Network, PURSE, startNetwork } from './network.ts';

const { reads, writes } = multicall3;

describe('contracts/Multicall3', function () {
  this.timeout(60_000);
  let network: Network;
  before(async () => {
    network = await startNetwork();
    network.coverage.watch(MULTICALL3_ADDRESS, multicall3);
  });
  after(() => network.stop());

  /** Of alice, who may not mint less than nothing. */
  function calls(allowFailure: boolean): { target: string; allowFailure: boolean; callData: string }[] {
    const { alice, bob } = network.who;
    const { token } = network.at;
    return [
      { target: token, allowFailure, callData: testToken.reads.balanceOf.encode(alice) },
      { target: token, allowFailure, callData: testToken.writes.transferFrom.encode(bob, alice, 1n) },
      { target: alice, allowFailure, callData: '0x12345678' },
    ];
  }

  it('stands on every local chain, and makes many calls of which each may fail alone', async () => {
    const data = writes.aggregate3.encode(calls(true));
    const answer = await network.chain.rpc.call<string>(
      'eth_call',
      { to: MULTICALL3_ADDRESS, data },
      'latest',
    );

    const [balance, refused, nobody] = writes.aggregate3.decodeOutput(answer);

    assert.equal(testToken.reads.balanceOf.decodeOutput(balance?.returnData ?? ''), PURSE);
    assert.equal(refused?.success, false);
    assert.equal(testToken.errors.ERC20InsufficientAllowance.decode(refused.returnData)?.needed, 1n);
    assert.deepEqual(nobody, { success: true, returnData: '0x' });
  });

  it('undoes everything when one reverts that may not, and says which', async () => {
    const { name, fields } = await network
      .transact({
        from: network.who.alice,
        to: MULTICALL3_ADDRESS,
        data: writes.aggregate3.encode(calls(false)),
      })
      .then(({ trace }) => ({
        name: 'CallFailed',
        fields: multicall3.errors.CallFailed.decode(trace.output ?? ''),
      }));

    assert.deepEqual([name, fields?.index], ['CallFailed', 1n]);
  });

  it('says the block, and what accounts hold', async () => {
    const { alice } = network.who;
    const { rpc } = network.chain;

    assert.equal(
      await network.read(MULTICALL3_ADDRESS, reads.getBlockNumber),
      BigInt(await rpc.call<string>('eth_blockNumber')),
    );
    assert.equal(
      await network.read(MULTICALL3_ADDRESS, reads.getEthBalance, alice),
      BigInt(await rpc.call<string>('eth_getBalance', alice, 'latest')),
    );
  });

  checkCoverage(() => network, multicall3);
});
