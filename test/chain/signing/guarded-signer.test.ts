import assert from 'node:assert/strict';
import { Transaction, Wallet } from 'ethers';
import type { TransactionLike } from 'ethers';
import fc from 'fast-check';
import { wei } from '../../../src/chain/amounts/amount.ts';
import { checkSigned } from '../../../src/chain/signing/check-signed.ts';
import { guardedSigner } from '../../../src/chain/signing/guarded-signer.ts';
import { keySigner } from '../../../src/chain/signing/key-signer.ts';
import { SigningError } from '../../../src/chain/signing/signer.ts';
import type { Signer, SigningErrorKind } from '../../../src/chain/signing/signer.ts';
import { toTransaction } from '../../../src/chain/signing/transaction.ts';
import type { UnsignedTransaction } from '../../../src/chain/signing/transaction.ts';
import { STAKE, STAKE_MANAGER, allowed, stakeCall } from '../support/transactions.ts';
import { searches, searchTimeout } from '../../support/searches.ts';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const stranger = new Wallet(`0x${'22'.repeat(32)}`);
const policy = { chainId: 31337n, allowed };
const honest = keySigner(Buffer.from('11'.repeat(32), 'hex'));

/** Signs something else than it was given. */
function altering(change: (transaction: Transaction) => void, by = wallet): Signer {
  return {
    address: wallet.address,
    sign: (unsigned) => {
      const transaction = toTransaction(unsigned);
      change(transaction);
      transaction.signature = by.signingKey.sign(transaction.unsignedHash);
      return Promise.resolve(transaction.serialized);
    },
  };
}

/** Returns this, whatever it is asked. */
function returning(raw: string): Signer {
  return { address: wallet.address, sign: () => Promise.resolve(raw) };
}

function refusedWith(kind: SigningErrorKind, message: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof SigningError, String(error));
    assert.equal(error.kind, kind);
    assert.match(error.message, message);
    assert.equal(error.cause, undefined);
    return true;
  };
}

describe('guarded signer', function () {
  this.timeout(searchTimeout(10_000));

  it('signs what is allowed, the same way each time, as ethers does', async () => {
    const guarded = guardedSigner(honest, policy);
    const signed = await guarded.sign(stakeCall);
    const { valueWei, ...fields } = stakeCall;
    assert.equal(signed.raw, await wallet.signTransaction({ ...fields, value: valueWei, type: 2 }));
    assert.equal(signed.hash, Transaction.from(signed.raw).hash);
    assert.deepEqual(await guarded.sign(stakeCall), signed);
  });

  describe('of a call that is allowed for one address only', () => {
    const approve = (spender: string, rest = '00'.repeat(32)): string =>
      `0x095ea7b3${spender.slice(2).toLowerCase().padStart(64, '0')}${rest}`;
    const token = stranger.address;
    const only = { to: token, selector: '0x095ea7b3', firstAddress: STAKE_MANAGER };
    const sign = (data: string): Promise<unknown> =>
      guardedSigner(honest, { ...policy, allowed: [only] }).sign({ ...stakeCall, to: token, data });

    it('signs it for that address, in any capitals', async () => {
      await sign(approve(STAKE_MANAGER));
    });
    const wrong: readonly [it: string, data: string][] = [
      ['another address', approve(wallet.address)],
      ['an address with something before it', approve(`0x01${STAKE_MANAGER.slice(2)}`)],
      ['no argument', '0x095ea7b3'],
      ['half an address', approve(STAKE_MANAGER, '').slice(0, -2)],
    ];
    for (const [it_, data] of wrong) {
      it(`refuses ${it_}`, async () => {
        await assert.rejects(
          sign(data),
          refusedWith('NotAllowed', /^the first argument of 0x095ea7b3 of 0x\w+ must be 0x5FbDB/),
        );
      });
    }
  });

  const forbidden: [string, Partial<UnsignedTransaction>, RegExp][] = [
    [
      'another function',
      { data: '0x12345678' },
      /^0x12345678 of 0x5FbDB.* is not allowed; allowed is 0xa694fc3a of 0x5FbDB/,
    ],
    ['another contract', { to: stranger.address }, /is not allowed/],
    [
      'a transfer',
      { to: stranger.address, data: '0x', valueWei: wei(1n) },
      /^a transfer to .* is not allowed/,
    ],
    ['a transfer of nothing to another', { to: stranger.address, data: '0x' }, /is not allowed/],
    ['money to itself', { to: wallet.address, data: '0x', valueWei: wei(1n) }, /is not allowed/],
    ['half a selector', { data: '0xa694fc' }, /is not allowed/],
    [
      'money with an allowed call',
      { valueWei: wei(1n) },
      /0.000000000000000001 of the coin may not go along .* allowed is at most 0$/,
    ],
    ['another chain', { chainId: 1n }, /of chain 1, where only chain 31337 is allowed/],
    ['no receiver', { to: '' }, /address of its receiver/],
    ['half a byte', { data: `${STAKE}5` }, /whole bytes/],
    ['a nonce that is none', { nonce: -1 }, /nonce/],
    ['too little gas', { gasLimit: 20_999n }, /at least 21000/],
    ['a tip above the cap', { maxPriorityFeePerGas: wei(31n * 10n ** 9n) }, /tip/],
  ];
  for (const [title, change, message] of forbidden) {
    it(`refuses ${title}, and asks no signer`, async () => {
      const never: Signer = { address: wallet.address, sign: () => assert.fail('it was asked') };
      await assert.rejects(
        guardedSigner(never, policy).sign({ ...stakeCall, ...change }),
        refusedWith('NotAllowed', message),
      );
    });
  }

  it('lets an account use up a nonce by sending nothing to itself', async () => {
    const noop = { ...stakeCall, to: wallet.address.toLowerCase(), data: '0x', gasLimit: 21_000n };
    await guardedSigner(honest, { ...policy, allowed: [] }).sign(noop);
  });

  it('lets as much money go along as is allowed', async () => {
    const paying = {
      ...policy,
      allowed: [{ to: STAKE_MANAGER.toLowerCase(), selector: STAKE, maxValueWei: wei(5n) }],
    };
    await guardedSigner(honest, paying).sign({ ...stakeCall, valueWei: wei(5n) });
    await assert.rejects(
      guardedSigner(honest, paying).sign({ ...stakeCall, valueWei: wei(6n) }),
      /at most 0.000000000000000005/,
    );
  });

  const changes: [string, (transaction: Transaction) => void, RegExp][] = [
    ['chainId', (each) => (each.chainId = 1), /changed chainId: it was to be 31337, and is 1/],
    ['nonce', (each) => (each.nonce += 1), /changed nonce: it was to be 7, and is 8/],
    ['to', (each) => (each.to = stranger.address), /changed to/],
    ['to, to none', (each) => (each.to = null), /changed to/],
    ['value', (each) => (each.value = 1), /changed value/],
    ['data', (each) => (each.data = `${STAKE}${'6'.padStart(64, '0')}`), /changed data/],
    ['gasLimit', (each) => (each.gasLimit += 1n), /changed gasLimit/],
    ['maxFeePerGas', (each) => (each.maxFeePerGas = 10n ** 12n), /changed maxFeePerGas/],
    ['maxPriorityFeePerGas', (each) => (each.maxPriorityFeePerGas = 1), /changed maxPriorityFeePerGas/],
    [
      'the access list',
      (each) => (each.accessList = [{ address: stranger.address, storageKeys: [] }]),
      /added something/,
    ],
    [
      'the type',
      (each) => Object.assign(each, { type: 1, gasPrice: 1, maxFeePerGas: null, maxPriorityFeePerGas: null }),
      /changed type/,
    ],
  ];
  for (const [title, change, message] of changes) {
    it(`refuses a signer that changes ${title}`, async () => {
      await assert.rejects(
        guardedSigner(altering(change), policy).sign(stakeCall),
        refusedWith('Altered', message),
      );
    });
  }

  it('refuses a signature by another key', async () => {
    const other = altering(() => undefined, stranger);
    await assert.rejects(
      guardedSigner(other, policy).sign(stakeCall),
      refusedWith(
        'WrongAccount',
        new RegExp(`signed as ${stranger.address}, and the account is ${wallet.address}`),
      ),
    );
  });

  it('refuses what is no signed transaction', async () => {
    const unsigned = toTransaction(stakeCall).unsignedSerialized;
    const good = await honest.sign(stakeCall);
    for (const raw of [
      '',
      '0x',
      'hello',
      '0x02',
      unsigned,
      `${good}00`,
      good.slice(0, -2),
      `0x${good.slice(4)}`,
    ]) {
      await assert.rejects(
        guardedSigner(returning(raw), policy).sign(stakeCall),
        refusedWith('Altered', /./),
      );
    }
  });

  it('signs what was checked, whatever becomes of it meanwhile', async () => {
    const changing = { ...stakeCall };
    const late: Signer = {
      address: wallet.address,
      sign: async (given) => {
        Object.assign(changing, { to: stranger.address });
        return honest.sign(given);
      },
    };
    const { raw } = await guardedSigner(late, policy).sign(changing);
    assert.equal(Transaction.from(raw).to, STAKE_MANAGER);
  });

  it('passes exactly the bytes that say what was asked: no byte of them can be another', async () => {
    const good = await honest.sign(stakeCall);
    const length = good.length / 2 - 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = Buffer.from(good.slice(2), 'hex');
        changed[at] = changed[at]! ^ flip;
        assert.throws(
          () => checkSigned(`0x${changed.toString('hex')}`, stakeCall, wallet.address),
          SigningError,
        );
      }),
      { numRuns: searches(38) },
    );
  });

  it('signs any transaction that is allowed', async () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 96n }).map(wei);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        amount,
        amount,
        fc.uint8Array({ maxLength: 300 }),
        async (nonce, a, b, args) => {
          const [tip, cap] = a < b ? [a, b] : [b, a];
          const data = `${STAKE}${Buffer.from(args).toString('hex')}`;
          const asked = { ...stakeCall, nonce, data, maxFeePerGas: cap, maxPriorityFeePerGas: tip };
          const { raw } = await guardedSigner(honest, policy).sign(asked);
          const like: TransactionLike = Transaction.from(raw).toJSON() as TransactionLike;
          assert.equal(like.nonce, nonce);
          assert.equal(like.data, data);
          assert.equal(Transaction.from(raw).from, wallet.address);
        },
      ),
      { numRuns: 40 },
    );
  });
});
