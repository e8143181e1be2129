import assert from 'node:assert/strict';
import { Signature, Wallet, ZeroAddress } from 'ethers';
import { testToken } from '../../../src/chain/contracts/generated/test-token.ts';
import { bytecode } from '../../../src/devcluster/local-chain/generated/bytecode.ts';
import { checkCoverage } from './governance.ts';
import { type Network, onFreshState, PURSE, startNetwork } from './network.ts';
import type { Frame } from './trace-coverage.ts';
import { refusal, refusalOf } from './traced-chain.ts';

const { reads, writes } = testToken;
// anvil's first keys are public knowledge; this one is of no account at all.
const signer = new Wallet(`0x${'5'.repeat(64)}`);
// Half the order of secp256k1: signatures with a greater s are refused (EIP-2).
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe('contracts/TestToken', function () {
  this.timeout(60_000);
  let network: Network;
  before(async () => {
    network = await startNetwork();
  });
  after(() => network.stop());

  async function permit(spender: string, value: bigint, deadline: bigint): Promise<Signature> {
    const { token } = network.at;
    const { name, version, chainId, verifyingContract } = await network.read(token, reads.eip712Domain);
    const types = {
      Permit: ['owner', 'spender', 'value', 'nonce', 'deadline'].map((field) => ({
        name: field,
        type: field === 'owner' || field === 'spender' ? 'address' : 'uint256',
      })),
    };
    const nonce = await network.read(token, reads.nonces, signer.address);
    return Signature.from(
      await signer.signTypedData({ name, version, chainId, verifyingContract }, types, {
        owner: signer.address,
        spender,
        value,
        nonce,
        deadline,
      }),
    );
  }

  describe('the token', () => {
    onFreshState(() => network);

    it('says what it is', async () => {
      const { token } = network.at;

      assert.deepEqual(
        [
          await network.read(token, reads.name),
          await network.read(token, reads.symbol),
          await network.read(token, reads.decimals),
          await network.read(token, reads.totalSupply),
        ],
        ['Headframe Test Token', 'HFT', 18n, PURSE * 10n],
      );
      assert.match(await network.read(token, reads.DOMAIN_SEPARATOR), /^0x[0-9a-f]{64}$/);
    });

    it('is moved, lent and burned', async () => {
      const { alice, bob } = network.who;
      const { token } = network.at;

      await network.send(alice, token, writes.transfer, bob, 5n);
      await network.send(alice, token, writes.approve, bob, 10n);
      await network.send(bob, token, writes.transferFrom, alice, bob, 3n);
      await network.send(bob, token, writes.burnFrom, alice, 2n);
      await network.send(bob, token, writes.burn, 1n);

      assert.equal(await network.read(token, reads.balanceOf, alice), PURSE - 10n);
      assert.equal(await network.read(token, reads.balanceOf, bob), PURSE + 7n);
      assert.equal(await network.read(token, reads.allowance, alice, bob), 5n);
    });

    it('takes permits: once, in time, by the owner', async () => {
      const { alice, bob } = network.who;
      const { token } = network.at;
      const deadline = (await network.now()) + 1000n;
      const signed = await permit(bob, 7n, deadline);
      const args = (s: Signature, until = deadline, spender = bob, value = 7n) =>
        [signer.address, spender, value, until, BigInt(s.v), s.r, s.s] as const;
      const flipped = `0x${(ORDER - BigInt(signed.s)).toString(16).padStart(64, '0')}`;

      const late = await network.refused(alice, token, writes.permit, ...args(signed, 1n));
      const other = await network.refused(alice, token, writes.permit, ...args(signed, deadline, alice));
      const high = await network.refused(
        alice,
        token,
        writes.permit,
        signer.address,
        bob,
        7n,
        deadline,
        BigInt(signed.v === 27 ? 28 : 27),
        signed.r,
        flipped,
      );
      const none = await network.refused(
        alice,
        token,
        writes.permit,
        signer.address,
        bob,
        7n,
        deadline,
        99n,
        signed.r,
        signed.s,
      );
      await network.send(alice, token, writes.permit, ...args(signed));
      const again = await network.refused(alice, token, writes.permit, ...args(signed));

      assert.deepEqual(late, refusal('ERC2612ExpiredSignature', { deadline: 1n }));
      assert.equal(other.name, 'ERC2612InvalidSigner');
      assert.equal(high.name, 'ECDSAInvalidSignatureS');
      assert.equal(none.name, 'ECDSAInvalidSignature');
      assert.equal(again.name, 'ERC2612InvalidSigner');
      assert.equal(await network.read(token, reads.allowance, signer.address, bob), 7n);
    });

    it('refuses what is not there, not allowed, and nobody', async () => {
      const { alice, bob } = network.who;
      const { token } = network.at;
      await network.chain.rpc.call('anvil_impersonateAccount', ZeroAddress);
      await network.chain.rpc.call('anvil_setBalance', ZeroAddress, `0x${(10n ** 18n).toString(16)}`);

      assert.deepEqual(
        [
          await network.refused(alice, token, writes.transfer, bob, PURSE + 1n),
          await network.refused(bob, token, writes.transferFrom, alice, bob, 1n),
          await network.refused(alice, token, writes.transfer, ZeroAddress, 1n),
          await network.refused(alice, token, writes.approve, ZeroAddress, 1n),
          await network.refused(ZeroAddress, token, writes.transfer, alice, 1n),
          await network.refused(ZeroAddress, token, writes.approve, alice, 1n),
        ],
        [
          refusal('ERC20InsufficientBalance', { sender: alice, balance: PURSE, needed: PURSE + 1n }),
          refusal('ERC20InsufficientAllowance', { spender: bob, allowance: 0n, needed: 1n }),
          refusal('ERC20InvalidReceiver', { receiver: ZeroAddress }),
          refusal('ERC20InvalidSpender', { spender: ZeroAddress }),
          refusal('ERC20InvalidSender', { sender: ZeroAddress }),
          refusal('ERC20InvalidApprover', { approver: ZeroAddress }),
        ],
      );
    });

    // As calls: the node's own signer keeps to the chain id that it was started with.
    for (const chainId of [1, 5, 42_161, 1337]) {
      const local = chainId === 1337;
      it(`${local ? 'can' : 'cannot'} be made on chain ${chainId}`, async () => {
        const { chain, coverage, who } = network;
        const creation = { from: who.deployer, data: testToken.create.encode(bytecode.TestToken) };
        await chain.rpc.call('anvil_setChainId', chainId);

        const trace = await chain.rpc
          .call<Frame>('debug_traceCall', creation, 'latest', { tracer: 'callTracer' })
          .finally(() => chain.rpc.call('anvil_setChainId', chain.chainId));
        coverage.record(trace);

        if (local) {
          assert.equal(trace.error, undefined);
        } else {
          assert.deepEqual(refusalOf(trace), refusal('NotALocalChain', { chainId: BigInt(chainId) }));
        }
      });
    }
  });

  checkCoverage(() => network, testToken, {
    'ECDSAInvalidSignatureLength(uint256)': 'permit takes v, r and s, never bytes',
    'InvalidAccountNonce(address,uint256)': 'permit uses the current nonce and checks none',
    'InvalidShortString()': 'name and version are constants that fit',
    'StringTooLong(string)': 'name and version are constants that fit',
  });
});
