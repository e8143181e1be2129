import assert from 'node:assert/strict';
import { Wallet } from 'ethers';
import type { StakeAccount } from '../../../src/api/stake-account.ts';
import { StakeAccountSpec } from '../../../src/api/stake-account/spec.ts';
import { openSigner } from '../../../src/controllers/stakeaccount/open-signer.ts';
import { createSigners } from '../../../src/controllers/stakeaccount/signers.ts';
import type { UsableNetwork } from '../../../src/controllers/networks/network-view.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import { ApiError } from '../../../src/kube/errors.ts';
import { canary } from '../../support/canaries.ts';
import { networkFacts } from '../../support/network-objects.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { stakeAccount } from '../../support/stake-objects.ts';

const KEY = canary('the key of a signer', `0x${'c0ffee42'.repeat(8)}`);
const wallet = new Wallet(KEY);
const PASSWORD = canary('the password of a keystore', 'a canary that sings');

type Stored = Record<string, string> | ApiError;

/** Each object that a test puts there is another version. */
const versions = new WeakMap<object, string>();
let written = 0;

function versionOf(stored: object): string {
  const version = versions.get(stored) ?? String(++written);
  versions.set(stored, version);
  return version;
}

/** An API server with Secrets of the namespace, by name; and how often it was asked. */
function server(secrets: Record<string, Stored>) {
  const asked: string[] = [];
  const get = (_: unknown, { namespace, name }: { namespace: string; name: string }): Promise<object> => {
    asked.push(`${namespace}/${name}`);
    const stored = secrets[name];
    if (stored === undefined || stored instanceof Error) {
      return Promise.reject(stored ?? new ApiError('none', { code: 404, reason: 'NotFound' }));
    }
    const encoded = Object.entries(stored).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
    const metadata = { uid: name, resourceVersion: versionOf(stored) };
    return Promise.resolve({ metadata, data: Object.fromEntries(encoded) as object });
  };
  return { client: { get } as unknown as KubeClient, secrets, asked };
}

function network(chainId = 31_337n): UsableNetwork {
  const protocol = { allowed: () => [] };
  return { chainId, facts: networkFacts(), protocol } as unknown as UsableNetwork;
}

function accountWith(signer: object | undefined, address = wallet.address): StakeAccount {
  const spec = { networkRef: { name: 'testnet' }, address, mode: 'Manage', ...(signer && { signer }) };
  return { ...stakeAccount(), spec: StakeAccountSpec.parse(spec) };
}

const plain = { type: 'PlainKey', plainKey: { keyFrom: { name: 'keys', key: 'key' } } };
const keystore = {
  type: 'Keystore',
  keystore: {
    keystoreFrom: { name: 'keys', key: 'keystore' },
    passwordFrom: { name: 'words', key: 'password' },
  },
};

describe('controllers/stakeaccount/signers', function () {
  this.timeout(60_000);
  let json = '';
  before(async () => {
    const { encryptKeystoreJson } = await import('ethers');
    json = await encryptKeystoreJson({ address: wallet.address, privateKey: KEY }, PASSWORD, {
      scrypt: { N: 2, r: 8, p: 1 },
    });
  });

  async function look(secrets: Record<string, Stored>, account: StakeAccount, chainId?: bigint) {
    const { client } = server(secrets);
    const found = await createSigners({ client, clock: manualClock() }).look(account, network(chainId));
    assert.equal(found.kind === 'none' ? '' : leaks(found), '');
    return found;
  }

  /** What of the secrets shows in what was answered. */
  function leaks(found: object): string {
    const text = JSON.stringify(found);
    return [KEY.slice(2), PASSWORD, 'c0ffee'].filter((secret) => text.includes(secret)).join();
  }

  it('opens a keystore, and a plain key on a local chain', async () => {
    const stored = { keys: { keystore: json, key: `${KEY}\n` }, words: { password: `${PASSWORD}\n` } };
    for (const signer of [keystore, plain]) {
      const found = await look(stored, accountWith(signer));
      assert.equal(found.kind === 'ready' && found.signer.address, wallet.address);
    }
  });

  it('is none when the spec names none', async () => {
    const account = { ...stakeAccount(), spec: StakeAccountSpec.parse({ ...stakeAccount().spec }) };
    assert.deepEqual(await look({}, account), { kind: 'none' });
  });

  const forbidden = new ApiError('no', { code: 403, reason: 'Forbidden' });
  const other = `0x${'11'.repeat(20)}`;
  const rows: {
    name: string;
    secrets: () => Record<string, Stored>;
    account?: StakeAccount;
    chainId?: bigint;
    reason: string;
    message: RegExp;
  }[] = [
    { name: 'no Secret', secrets: () => ({}), reason: 'SignerSecretMissing', message: /default\/keys/ },
    {
      name: 'no entry of that key',
      secrets: () => ({ keys: { another: KEY } }),
      reason: 'SignerSecretMissing',
      message: /'key'/,
    },
    {
      name: 'an entry of Object itself',
      secrets: () => ({ keys: {} }),
      account: accountWith({ type: 'PlainKey', plainKey: { keyFrom: { name: 'keys', key: 'constructor' } } }),
      reason: 'SignerSecretMissing',
      message: /'constructor'/,
    },
    {
      name: 'a Secret that may not be read',
      secrets: () => ({ keys: forbidden }),
      reason: 'SignerSecretMissing',
      message: /rbac\.stakeAccountNamespaces/,
    },
    {
      name: 'the key of another',
      secrets: () => ({ keys: { key: KEY } }),
      account: accountWith(plain, other),
      reason: 'WrongKey',
      message: new RegExp(wallet.address),
    },
    {
      name: 'a keystore of another',
      secrets: () => ({ keys: { keystore: json }, words: { password: PASSWORD } }),
      account: accountWith(keystore, other),
      reason: 'WrongKey',
      message: new RegExp(wallet.address),
    },
    {
      name: 'another password',
      secrets: () => ({ keys: { keystore: json }, words: { password: `${PASSWORD}!` } }),
      account: accountWith(keystore),
      reason: 'SignerMisconfigured',
      message: /password/,
    },
    {
      name: 'a plain key where money is worth something',
      secrets: () => ({ keys: { key: KEY } }),
      chainId: 1n,
      reason: 'SignerMisconfigured',
      message: /only on local chains/,
    },
    {
      name: 'no key at all',
      secrets: () => ({ keys: { key: `${KEY.slice(0, 60)} oops` } }),
      reason: 'SignerMisconfigured',
      message: /64 hex digits/,
    },
    {
      name: 'a keystore that is none',
      secrets: () => ({ keys: { keystore: `{"crypto": "${KEY}` }, words: { password: PASSWORD } }),
      account: accountWith(keystore),
      reason: 'SignerMisconfigured',
      message: /./,
    },
  ];
  for (const { name, secrets, account = accountWith(plain), chainId, reason, message } of rows) {
    it(`says what is wrong, and nothing secret: ${name}`, async () => {
      const found = await look(secrets(), account, chainId);
      assert.equal(found.kind === 'problem' && found.reason, reason);
      assert.match(found.kind === 'problem' ? found.message : '', message);
    });
  }

  it('looks at the Secrets again after a minute, and then signs with what is there', async () => {
    const { client, secrets, asked } = server({ keys: { key: KEY } });
    const clock = manualClock();
    const signers = createSigners({ client, clock });
    const account = accountWith(plain);
    await signers.look(account, network());
    await clock.advance(59_999);
    secrets['keys'] = { key: new Wallet(`0x${'22'.repeat(32)}`).privateKey };
    assert.equal((await signers.look(account, network())).kind, 'ready');
    assert.equal(asked.length, 1);
    await clock.advance(1);
    assert.equal((await signers.look(account, network())).kind, 'problem', 'the key is of another by now');
  });

  describe('opens again only what somebody has written:', () => {
    for (const [it_, password, kind, pauseMs] of [
      ['a keystore', PASSWORD, 'ready', 60_000],
      ['a keystore that its password does not open', `${PASSWORD}!`, 'problem', 5000],
    ] as const) {
      it(it_, async () => {
        const { client, secrets, asked } = server({ keys: { keystore: json }, words: { password } });
        const clock = manualClock();
        let opened = 0;
        const open: typeof openSigner = (...order) => {
          opened++;
          return openSigner(...order);
        };
        const signers = createSigners({ client, clock, open });
        const look = async (): Promise<string> => (await signers.look(accountWith(keystore), network())).kind;
        assert.equal(await look(), kind);
        for (let round = 0; round < 3; round++) {
          await clock.advance(pauseMs);
          assert.equal(await look(), kind);
        }
        assert.deepEqual([asked.length, opened], [8, 1]);
        secrets['words'] = { password: PASSWORD };
        await clock.advance(pauseMs);
        assert.equal(await look(), 'ready');
        assert.equal(opened, 2);
      });
    }

    it('everything once the account was at rest', async () => {
      const { client } = server({ keys: { keystore: json }, words: { password: PASSWORD } });
      let opened = 0;
      const open: typeof openSigner = (...order) => {
        opened++;
        return openSigner(...order);
      };
      const signers = createSigners({ client, clock: manualClock(), open });
      const account = accountWith(keystore);
      await signers.look(account, network());
      signers.forget(account.metadata.uid);
      await signers.look(account, network());
      assert.equal(opened, 2, 'nothing was kept of the key');
    });
  });

  it('keeps nothing of an account that is gone, also when it goes while its key is opened', async () => {
    const { client, asked } = server({ keys: { key: KEY } });
    const signers = createSigners({ client, clock: manualClock() });
    const account = accountWith(plain);
    const looking = signers.look(account, network());
    signers.forget(account.metadata.uid);
    await looking;
    await signers.look(account, network());
    assert.equal(asked.length, 2, 'the first key was not kept');
  });

  it('throws when the API server cannot be asked', async () => {
    const { client } = server({ keys: new ApiError('away', { code: 503, reason: 'ServiceUnavailable' }) });
    const signers = createSigners({ client, clock: manualClock() });
    await assert.rejects(signers.look(accountWith(plain), network()), ApiError);
  });

  it('overwrites the bytes of a key, also of one that is refused', async () => {
    for (const chainId of [31_337n, 1n]) {
      const bytes = Buffer.from(KEY);
      const source = accountWith(plain).spec.signer;
      assert.ok(source !== undefined, 'there is a signer');
      const order = { source, address: wallet.address, chainId };
      await openSigner(order, { bytes: () => Promise.resolve(bytes) }, manualClock()).catch(() => undefined);
      assert.ok(
        bytes.every((byte) => byte === 0),
        `on chain ${chainId}`,
      );
    }
  });
});
