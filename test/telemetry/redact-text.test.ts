import assert from 'node:assert/strict';
import { HDNodeWallet, Mnemonic, Wallet } from 'ethers';
import fc from 'fast-check';
import { REDACTED, redactText } from '../../src/telemetry/redact-text.ts';
import { serialise } from '../../src/telemetry/serialise.ts';

const KEY = `0x${'ac09'.repeat(16)}`;
const PHRASE = 'test test test test test test test test test test test junk';

describe('redacting a text', () => {
  const table: [string, string, string][] = [
    ['a path', 'at https://rpc.example/v3/abc123 now', `at https://rpc.example/${REDACTED} now`],
    ['a query', 'https://rpc.example?key=abc', `https://rpc.example/${REDACTED}`],
    ['a query after a path', 'https://rpc.example/?key=abc', `https://rpc.example/${REDACTED}`],
    ['a websocket', 'wss://rpc.example:8546/ws/abc', `wss://rpc.example:8546/${REDACTED}`],
    ['in JSON', '{"url":"https://rpc.example/abc"}', `{"url":"https://rpc.example/${REDACTED}"}`],
    ['two of them', 'http://a/b http://c/d', `http://a/${REDACTED} http://c/${REDACTED}`],
    ['a fragment', 'http://a#b', `http://a/${REDACTED}`],
    ['a key', `key ${KEY}`, `key ${REDACTED}`],
    ['a key without 0x', `(${KEY.slice(2)})`, `(${REDACTED})`],
    ['a key in capitals', KEY.slice(2).toUpperCase(), REDACTED],
    ['a phrase', `the mnemonic is ${PHRASE}.`, `the mnemonic is ${REDACTED}.`],
    ['a phrase in capitals', PHRASE.toUpperCase(), REDACTED],
    ['a phrase as a list', `["${PHRASE.split(' ').join('","')}"]`, `["${REDACTED}"]`],
    ['a phrase on lines', PHRASE.split(' ').join('\n'), REDACTED],
    ['a key behind a phrase', `${PHRASE} add${KEY.slice(5)}`, `${REDACTED} ${REDACTED}`],
    // Twelve words with the name of the scheme.
    ['a token behind a phrase', `${PHRASE.slice(5)} basic dXNlcjpwYXNz`, `${REDACTED} ${REDACTED}`],
    [
      'a token that begins with a word',
      'basic abstract1 bearer face12345678.',
      `basic ${REDACTED} bearer ${REDACTED}`,
    ],
    ['a phrase that ends with such', `${PHRASE.slice(5, -4)}basic abstract.`, `${REDACTED}.`],
    ['a phrase with the name of a scheme', PHRASE.replace('test test', 'basic abstract'), REDACTED],
  ];
  for (const [title, text, expected] of table) {
    it(`hides ${title}`, () => assert.equal(redactText(text), expected));
  }

  const shown: [string, string, string?][] = [
    ['an address', '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
    ['a host', 'https://rpc.example:8545'],
    ['a host with a bare slash', 'see https://rpc.example/ for more'],
    ['a hash that is called one', `transaction ${KEY} was dropped`],
    ['a block', `block hash: ${KEY}`],
    ['a digest', `sha256:${KEY.slice(2)}`],
    ['a hash under its key', KEY, 'blockHash'],
    ['longer data', `${KEY}00`],
    ['prose', 'nodes that were never seen again after that last long night have been left alone here'],
    ['eleven words', PHRASE.split(' ').slice(1).join(' ')],
  ];
  for (const [title, text, key] of shown) {
    it(`shows ${title}`, () => assert.equal(redactText(text, key), text));
  }

  it('hides every key and every phrase, of any length, in any log line', () => {
    const entropies = fc
      .constantFrom(16, 20, 24, 28, 32)
      .chain((bytes) => fc.uint8Array({ minLength: bytes, maxLength: bytes }));
    const around = fc.constantFrom('', ' error: ', ' a bad thing happened with ', '{"x":"');
    fc.assert(
      fc.property(entropies, around, around, (entropy, before, after) => {
        const { phrase } = Mnemonic.fromEntropy(entropy);
        const wallet = HDNodeWallet.fromPhrase(phrase);
        const line = JSON.stringify(
          serialise({
            text: `${before}${phrase} ${after}`,
            mnemonic: phrase.split(' '),
            key: [wallet.privateKey],
            message: `${before}${wallet.privateKey}${after}`,
          }),
        );
        assert.ok(!line.includes(wallet.privateKey.slice(2)), line);
        assert.ok(!line.includes(phrase.split(' ').slice(0, 3).join(' ')), line);
        assert.ok(!line.includes(phrase.split(' ').slice(0, 3).join('","')), line);
      }),
      { numRuns: 25 },
    );
  });

  it('hides the phrase that ethers shows of a wallet', () => {
    const wallet = HDNodeWallet.fromPhrase(PHRASE);
    const line = JSON.stringify(serialise({ wallet, plain: new Wallet(KEY) }));
    assert.ok(
      !line.includes(PHRASE) && !line.includes(wallet.privateKey.slice(2)) && !line.includes(KEY.slice(2)),
    );
  });

  it('ends soon, however long the text is', () => {
    for (const text of ['a', 'test ', 'http://', '0', 'https://a:', 'abandon ability the ']) {
      assert.ok(redactText(text.repeat(20_000)).length > 0);
    }
  });
});
