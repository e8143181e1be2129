import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { Transaction, Wallet } from 'ethers';
import type { TransactionRequest } from 'ethers';
import { guardedSigner } from '../../../src/chain/signing/guarded-signer.ts';
import { SigningError } from '../../../src/chain/signing/signer.ts';
import type { SigningErrorKind } from '../../../src/chain/signing/signer.ts';
import { web3signer } from '../../../src/chain/signing/web3signer.ts';
import type { RemoteSigner, Web3signerOptions } from '../../../src/chain/signing/web3signer.ts';
import { selfSignedCertificate } from '../../../src/devcluster/tls/self-signed-certificate.ts';
import { systemClock } from '../../../src/time/clock.ts';
import { startScriptedApiServer } from '../../support/scripted-api-server.ts';
import type { Script, ScriptedApiServer } from '../../support/scripted-api-server.ts';
import { CANARY, answerJson } from '../support/rpc-server.ts';
import { type Ask, signingScript } from '../support/signing-script.ts';
import { allowed, stakeCall } from '../support/transactions.ts';

const wallet = new Wallet(`0x${'11'.repeat(32)}`);
const policy = { chainId: 31337n, allowed };
const now = Date.now();
const serving = selfSignedCertificate({
  commonName: 'signer',
  addresses: ['127.0.0.1'],
  usage: 'server',
  now,
});
const client = selfSignedCertificate({ commonName: 'headframe', usage: 'client', now });
const stranger = selfSignedCertificate({ commonName: 'headframe', usage: 'client', now });

/** A remote signer on a real server that only talks to our client certificate. */
describe('web3signer', () => {
  let server: ScriptedApiServer;
  const opened: RemoteSigner[] = [];

  beforeEach(async () => {
    server = await startScriptedApiServer(signingScript(wallet), {
      cert: serving.certificate,
      key: serving.key,
      ca: client.certificate,
      requestCert: true,
    });
  });
  afterEach(async () => {
    opened.splice(0).forEach((each) => each.close());
    await server.close();
  });

  function open(options: Partial<Web3signerOptions> = {}): RemoteSigner {
    const url = new URL(`/${CANARY}?token=${CANARY}`, server.url);
    const tls = { ca: serving.certificate, cert: client.certificate, key: client.key };
    const remote = web3signer({ url, address: wallet.address, tls, clock: systemClock, ...options });
    opened.push(remote);
    return remote;
  }

  async function refusal(signing: Promise<unknown>, kind: SigningErrorKind): Promise<string> {
    const error: unknown = await signing.then(
      () => assert.fail('it was signed'),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SigningError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.doesNotMatch(inspect(error, { showHidden: true, depth: 9 }), new RegExp(`${CANARY}|PRIVATE KEY`));
    return error.message;
  }

  it('signs over mutual TLS, and what it signed is checked', async () => {
    const { signer } = open();
    const { raw, hash } = await guardedSigner(signer, policy).sign(stakeCall);
    const signed = Transaction.from(raw);
    assert.equal(signed.from, wallet.address);
    assert.equal(signed.hash, hash);
    assert.equal(inspect(signer, { showHidden: true, depth: 9 }), `Signer(${wallet.address})`);
    assert.equal(JSON.stringify(signer), JSON.stringify({ address: wallet.address }));
  });

  it('also takes the answer of clef', async () => {
    server.answer(signingScript(wallet, {}, (raw) => ({ raw, tx: {} })));
    await guardedSigner(open().signer, policy).sign(stakeCall);
  });

  const changes: [string, TransactionRequest][] = [
    ['chainId', { chainId: 1 }],
    ['nonce', { nonce: 8 }],
    ['to', { to: wallet.address }],
    ['value', { value: 10n ** 18n }],
    ['data', { data: '0x' }],
    ['gasLimit', { gasLimit: 21_000 }],
    ['maxFeePerGas', { maxFeePerGas: 10n ** 15n }],
    ['maxPriorityFeePerGas', { maxPriorityFeePerGas: 1 }],
    ['type', { type: 1, gasPrice: 10n ** 10n, maxFeePerGas: null, maxPriorityFeePerGas: null }],
  ];
  for (const [field, change] of changes) {
    it(`is refused when it changes ${field}`, async () => {
      server.answer(signingScript(wallet, change));
      const message = await refusal(guardedSigner(open().signer, policy).sign(stakeCall), 'Altered');
      assert.match(message, new RegExp(`changed ${field}: it was to be`));
    });
  }

  it('is refused when it signs with another key', async () => {
    const other = Wallet.createRandom();
    server.answer(async (request, response) => {
      const { id } = JSON.parse(request.body) as Ask;
      const { valueWei, ...fields } = stakeCall;
      answerJson(response, {
        jsonrpc: '2.0',
        id,
        result: await other.signTransaction({ ...fields, value: valueWei, type: 2 }),
      });
    });
    await refusal(guardedSigner(open().signer, policy).sign(stakeCall), 'WrongAccount');
  });

  const answers: [string, Script, SigningErrorKind, RegExp][] = [
    [
      'an error',
      (request, response) =>
        answerJson(response, {
          jsonrpc: '2.0',
          id: 1,
          error: { code: -32000, message: `Signer for ${CANARY} not found` },
        }),
      'Unavailable',
      /did not sign: endpoint 'web3signer' answered with error -32000: Signer for \[redacted\] not found/,
    ],
    ['503', (_request, response) => void response.writeHead(503).end(), 'Unavailable', /status 503/],
    ['HTML', (_request, response) => void response.writeHead(200).end('<html>'), 'Unavailable', /HTML/],
    [
      'a number',
      (_request, response) => answerJson(response, { jsonrpc: '2.0', id: 1, result: 5 }),
      'Altered',
      /no signed transaction/,
    ],
    [
      'a flood',
      (_request, response) => void response.writeHead(200).end('x'.repeat(2_000_000)),
      'Unavailable',
      /more than 1048576 bytes/,
    ],
    ['a hang', () => new Promise(() => undefined), 'Unavailable', /within 0.05 s/],
  ];
  for (const [title, script, kind, message] of answers) {
    it(`says what is wrong when it answers with ${title}`, async () => {
      server.answer(script);
      const { signer } = open(title === 'a hang' ? { timeoutMs: 50 } : {});
      assert.match(await refusal(guardedSigner(signer, policy).sign(stakeCall), kind), message);
    });
  }

  it('does not talk to a server that it does not know', async () => {
    const { signer } = open({ tls: { ca: stranger.certificate, cert: client.certificate, key: client.key } });
    assert.match(await refusal(signer.sign(stakeCall), 'Unavailable'), /DEPTH_ZERO_SELF_SIGNED_CERT/);
    assert.equal(server.requests.length, 0);
  });

  it('is not talked to by who has no certificate that it knows', async () => {
    const { signer } = open({
      tls: { ca: serving.certificate, cert: stranger.certificate, key: stranger.key },
    });
    await refusal(signer.sign(stakeCall), 'Unavailable');
    assert.equal(server.requests.length, 0);
  });

  const misconfigured: [string, Partial<Web3signerOptions>, RegExp][] = [
    ['http', { url: new URL(`http://127.0.0.1/${CANARY}`) }, /must begin with https, not http:/],
    ['no address', { address: 'me' }, /0x and 40 hex digits/],
    ['no client certificate', { tls: { ca: 'x', cert: '', key: 'x' } }, /'cert' is missing/],
    ['no authority', { tls: { ca: '', cert: 'x', key: 'x' } }, /'ca' is missing/],
    [
      'certificates that are none',
      { tls: { ca: serving.certificate, cert: CANARY, key: CANARY } },
      /are not PEM/,
    ],
    [
      'a key of another',
      { tls: { ca: serving.certificate, cert: client.certificate, key: stranger.key } },
      /do not belong together/,
    ],
  ];
  for (const [title, options, message] of misconfigured) {
    it(`cannot be opened with ${title}`, () => {
      assert.throws(
        () => open(options),
        (error) =>
          error instanceof SigningError &&
          error.kind === 'Misconfigured' &&
          message.test(error.message) &&
          !error.message.includes(CANARY),
      );
    });
  }
});
