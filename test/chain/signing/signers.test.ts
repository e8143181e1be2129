import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Wallet, encryptKeystoreJson } from 'ethers';
import { keySigner, plainKeySigner } from '../../../src/chain/signing/key-signer.ts';
import { keystoreSigner } from '../../../src/chain/signing/keystore-signer.ts';
import { SigningError } from '../../../src/chain/signing/signer.ts';
import type { Signer, SigningErrorKind } from '../../../src/chain/signing/signer.ts';
import { serialise } from '../../../src/telemetry/serialise.ts';
import { RICH_KEY } from '../support/anvil.ts';
import { stakeCall } from '../support/transactions.ts';
import { canary } from '../../support/canaries.ts';

/** As ethers writes it. */
interface WrittenKeystore {
  readonly Crypto: { readonly kdfparams: object };
}

const wallet = new Wallet(RICH_KEY);
const PASSWORD = canary('the password of a keystore', 'correct horse 🐎');
const keyBytes = (): Buffer => Buffer.from(RICH_KEY.slice(2), 'hex');
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

async function refusal(opening: Promise<unknown>, kind: SigningErrorKind): Promise<string> {
  const error: unknown = await opening.then(
    () => assert.fail('it was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SigningError, String(error));
  assert.equal(error.kind, kind, error.message);
  assert.doesNotMatch(
    inspect(error, { showHidden: true, depth: 9 }),
    new RegExp(`${RICH_KEY.slice(2)}|${PASSWORD}`),
  );
  return error.message;
}

/** However it is printed: the address, and nothing that could sign. */
function assertOpaque(signer: Signer): void {
  const shown = [
    inspect(signer),
    inspect(signer, { showHidden: true, depth: 99, getters: true }),
    inspect({ deep: { signer } }, { showHidden: true, customInspect: false, depth: 99 }),
    JSON.stringify(signer),
    JSON.stringify({ ...signer }),
    JSON.stringify(serialise({ signer })),
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- whoever does it sees no key
    String(signer),
    Object.entries(signer).join(),
  ];
  for (const text of shown) {
    assert.ok(text.includes(wallet.address), text);
    assert.ok(!text.toLowerCase().includes(RICH_KEY.slice(2)), text);
    assert.ok(!/scrypt|password|SigningKey/.test(text), text);
  }
  assert.equal(JSON.stringify(signer), JSON.stringify({ address: wallet.address }));
  assert.equal(inspect(signer), `Signer(${wallet.address})`);
}

describe('a plain key', () => {
  for (const chainId of [31337n, 1337n]) {
    it(`signs on chain ${chainId}`, async () => {
      const signer = plainKeySigner(` ${RICH_KEY}\n`, chainId);
      const { valueWei, ...fields } = stakeCall;
      assert.equal(
        await signer.sign(stakeCall),
        await wallet.signTransaction({ ...fields, value: valueWei, type: 2 }),
      );
      assertOpaque(signer);
    });
  }

  it('does not where money is worth something', () => {
    for (const chainId of [1n, 10n, 42161n, 11155111n]) {
      assert.throws(
        () => plainKeySigner(RICH_KEY, chainId),
        /allowed only on local chains \(31337, 1337\).*use a keystore or a web3signer/,
      );
    }
  });

  const broken = [
    '',
    '0x',
    RICH_KEY.slice(0, -1),
    `${RICH_KEY}0`,
    'g'.repeat(64),
    `0x${'0'.repeat(64)}`,
    `0x${'f'.repeat(64)}`,
  ];
  for (const key of broken) {
    it(`refuses ${key.length} characters that are no key, and quotes none of them`, () => {
      assert.throws(
        () => plainKeySigner(key, 31337n),
        (error) =>
          error instanceof SigningError &&
          error.kind === 'Misconfigured' &&
          !(key.length > 9 && error.message.includes(key)),
      );
    });
  }

  it('rejects, and does not throw, what is no transaction', async () => {
    await assert.rejects(keySigner(keyBytes()).sign({ ...stakeCall, to: 'nobody' }));
  });
});

describe('a keystore', () => {
  let keystore: string;

  before(async () => {
    const account = { address: wallet.address, privateKey: wallet.privateKey };
    keystore = await encryptKeystoreJson(account, PASSWORD, { scrypt: { N: 1024 } });
  });

  function changed(change: (parsed: WrittenKeystore) => void): Buffer {
    const parsed = JSON.parse(keystore) as WrittenKeystore;
    change(parsed);
    return bytes(JSON.stringify(parsed));
  }

  it('opens with its password, and shows only its address', async () => {
    const signer = await keystoreSigner(
      { keystore: bytes(keystore), password: bytes(PASSWORD) },
      wallet.address.toLowerCase(),
    );
    assert.equal(await signer.sign(stakeCall), await keySigner(keyBytes()).sign(stakeCall));
    assertOpaque(signer);
  });

  it('forgives the line break at the end of a password, as geth does', async () => {
    await keystoreSigner({ keystore: bytes(keystore), password: bytes(`${PASSWORD}\r\n`) });
  });

  it('takes a password as it is, or normalised as ethers does', async () => {
    const account = { address: wallet.address, privateKey: wallet.privateKey };
    const half = 'ﾊﾝﾄﾞﾙ';
    const written = await encryptKeystoreJson(account, half, { scrypt: { N: 1024 } });
    await keystoreSigner({ keystore: bytes(written), password: bytes(half) });
  });

  // The vector of the definition (ethereum.org, Web3 Secret Storage). The one with scrypt breaks a rule of scrypt itself.
  const vectors: [string, object][] = [
    [
      'pbkdf2',
      {
        crypto: {
          cipher: 'aes-128-ctr',
          cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
          ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
          kdf: 'pbkdf2',
          kdfparams: {
            c: 262144,
            dklen: 32,
            prf: 'hmac-sha256',
            salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
          },
          mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
        },
        id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
        version: 3,
      },
    ],
  ];
  for (const [kdf, vector] of vectors) {
    it(`opens the published vector with ${kdf}`, async () => {
      const signer = await keystoreSigner({
        keystore: bytes(JSON.stringify(vector)),
        password: bytes('testpassword'),
      });
      assert.equal(signer.address, '0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b');
    });
  }

  it('refuses another password', async () => {
    const opening = keystoreSigner({ keystore: bytes(keystore), password: bytes('wrong') });
    assert.equal(await refusal(opening, 'WrongPassword'), 'the password does not open the keystore');
  });

  it('refuses one that was altered', async () => {
    const ciphertext = changed(({ Crypto }) => Object.assign(Crypto, { ciphertext: '00'.repeat(32) }));
    await refusal(keystoreSigner({ keystore: ciphertext, password: bytes(PASSWORD) }), 'WrongPassword');
    const address = changed((parsed) => Object.assign(parsed, { address: '11'.repeat(20) }));
    assert.match(
      await refusal(keystoreSigner({ keystore: address, password: bytes(PASSWORD) }), 'WrongAccount'),
      /says that it is of 0x1111/,
    );
  });

  it('refuses that of another account', async () => {
    const other = Wallet.createRandom().address;
    const opening = keystoreSigner({ keystore: bytes(keystore), password: bytes(PASSWORD) }, other);
    assert.equal(
      await refusal(opening, 'WrongAccount'),
      `the keystore is of ${wallet.address}, and the account is ${other}`,
    );
  });

  const broken: [string, () => Buffer, RegExp][] = [
    ['nothing', () => bytes(''), /it is no JSON/],
    ['a key', () => bytes(RICH_KEY), /it is no JSON/],
    ['null', () => bytes('null'), /version 3/],
    ['version 1', () => changed((parsed) => Object.assign(parsed, { version: 1 })), /version: /],
    [
      'another cipher',
      () => changed(({ Crypto }) => Object.assign(Crypto, { cipher: 'aes-256-gcm' })),
      /crypto.cipher/,
    ],
    ['another kdf', () => changed(({ Crypto }) => Object.assign(Crypto, { kdf: 'argon2' })), /crypto.kdf/],
    [
      'a key of 16 bytes',
      () => changed(({ Crypto }) => Object.assign(Crypto, { ciphertext: '00'.repeat(16) })),
      /crypto.ciphertext: must be 32 bytes/,
    ],
    [
      'what would take all memory',
      () => changed(({ Crypto }) => Object.assign(Crypto.kdfparams, { n: 2 ** 20, r: 64 })),
      /512 MiB/,
    ],
    [
      'n and r that OpenSSL does not take',
      () => changed(({ Crypto }) => Object.assign(Crypto.kdfparams, { n: 2 ** 18, r: 1 })),
      /less than 65536/,
    ],
    [
      'n that is no power of 2',
      () => changed(({ Crypto }) => Object.assign(Crypto.kdfparams, { n: 1000 })),
      /power of 2/,
    ],
    ['a flood', () => Buffer.alloc(100_000, 32), /larger than 64 KiB/],
  ];
  for (const [title, file, message] of broken) {
    it(`refuses ${title}`, async () => {
      const opening = keystoreSigner({ keystore: file(), password: bytes(PASSWORD) });
      assert.match(await refusal(opening, 'Misconfigured'), message);
    });
  }

  it('does not hold up anything else while it opens', async () => {
    const account = { address: wallet.address, privateKey: wallet.privateKey };
    const slow = await encryptKeystoreJson(account, PASSWORD, { scrypt: { N: 32_768 } });
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    await keystoreSigner({ keystore: bytes(slow), password: bytes(PASSWORD) });
    clearInterval(ticking);
    assert.ok(ticks > 1, `${ticks} ticks`);
  });
});
