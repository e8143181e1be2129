import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { silentLogger } from '../../src/telemetry/logger.ts';
import { mochaHooks } from './canary-hooks.ts';
import { canariesFound, canary, searchForCanaries } from './canaries.ts';
import { runProgram } from './operator.ts';

describe('test/support canaries', () => {
  const secret = canary('a test of canaries', `sings "${randomBytes(12).toString('hex')}" ü`);
  const key = canary('a key of a test', `0x${randomBytes(32).toString('hex')}`);

  const written: readonly (readonly [string, string])[] = [
    ['as it is', secret],
    ['in capitals', secret.toUpperCase()],
    ['in JSON', JSON.stringify({ message: `wrong: ${secret}` })],
    ['in a URL', new URL(`http://127.0.0.1/?key=${encodeURIComponent(secret)}`).href],
    ...['', 'a', 'bc'].map((before): [string, string] => [
      `in base64, after ${before.length} bytes`,
      Buffer.from(`${before}${secret}: and so on`).toString('base64'),
    ]),
    ['as a key without 0x', key.slice(2)],
    ['as a key without 0x, in base64', Buffer.from(`${key.slice(2)}\n`).toString('base64')],
    ['as the bytes of a key, in base64', Buffer.from(key.slice(2), 'hex').toString('base64')],
  ];
  for (const [how, text] of written) {
    it(`are found ${how}`, () => {
      assert.equal(searchForCanaries('a text', `before ${text} after`), `before ${text} after`);

      assert.match(canariesFound().join(), /^a (test of canaries|key of a test): in a text$/);
    });
  }

  it('are not found where they are not', () => {
    searchForCanaries('a text', secret.slice(1));
    searchForCanaries('a text', key.slice(3));

    assert.deepEqual(canariesFound(), []);
  });

  it('must be long enough not to be found by chance', () => {
    assert.throws(() => canary('a short one', 'elevenchars'), /must have 12 characters/);
  });

  it('are found in what a program prints', async () => {
    await runProgram([secret]).finished;

    assert.deepEqual(
      canariesFound().map((each) => each.replace(secret, 'SECRET')),
      ['a test of canaries: in standard error of headframe SECRET'],
    );
  });

  it('are found in what is logged in this process, also of the causes of errors', () => {
    silentLogger.with({ controller: 'pools' }).warn('failed', {
      error: new Error('no answer', { cause: new Error(secret) }),
    });

    assert.deepEqual(canariesFound(), ['a test of canaries: in the log']);
  });

  it('fail the run, once for each', () => {
    searchForCanaries('a text', secret);
    searchForCanaries('a text', secret);

    assert.throws(() => mochaHooks.afterAll(), /a test of canaries: in a text/);
    mochaHooks.afterAll();
  });
});
