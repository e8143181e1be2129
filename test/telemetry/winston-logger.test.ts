import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createLogger, logLevels, type LogLevel } from '../../src/telemetry/winston-logger.ts';
import { manualClock } from '../support/manual-clock.ts';

type Line = Record<string, unknown>;

function record(level: LogLevel = 'debug'): { log: ReturnType<typeof createLogger>; lines: Line[] } {
  const lines: Line[] = [];
  const write = (line: string): void => {
    assert.ok(line.endsWith('\n'));
    lines.push(JSON.parse(line) as Line);
  };
  return { log: createLogger({ level, write, clock: manualClock() }), lines };
}

/** What the fields become in a line. */
function fieldsOf(fields: Record<string, unknown>): Line {
  const { log, lines } = record();
  log.info('x', fields);
  const { time: _time, level: _level, message: _message, ...rest } = lines[0] ?? {};
  return rest;
}

describe('logger', () => {
  it('writes one JSON object a line: time, level, message, fields', () => {
    const { log, lines } = record();
    log.with({ controller: 'pools' }).with({ name: 'a' }).warn('slow', { seconds: 3 });
    assert.deepEqual(lines, [
      {
        time: '2026-01-01T00:00:00.000Z',
        level: 'warn',
        message: 'slow',
        controller: 'pools',
        name: 'a',
        seconds: 3,
      },
    ]);
  });

  for (const level of logLevels) {
    it(`at level ${level} writes nothing less important`, () => {
      const { log, lines } = record(level);
      for (const each of logLevels) {
        log[each](each);
        log.with({ a: 1 })[each](each);
      }
      const expected = logLevels.slice(0, logLevels.indexOf(level) + 1).flatMap((each) => [each, each]);
      assert.deepEqual(
        lines.map(({ message }) => message),
        expected,
      );
    });
  }

  it('does not look at the fields of a line that it does not write', () => {
    const { log } = record('info');
    const trap = {
      get costly(): never {
        throw new Error('looked at');
      },
    };
    log.debug('x', trap);
  });

  it('does not let fields change what a line says', () => {
    const { log, lines } = record();
    log.with({ level: 'x' }).info('said', { message: 'other', time: 'never', splat: 1 });
    assert.deepEqual(lines, [
      {
        time: '2026-01-01T00:00:00.000Z',
        level: 'info',
        message: 'said',
        level_: 'x',
        message_: 'other',
        time_: 'never',
        splat: 1,
      },
    ]);
  });

  describe('shows errors', () => {
    it('with name, message, code, reason, stack and causes', () => {
      const root = Object.assign(new TypeError('connect failed'), { code: 'ECONNREFUSED' });
      const error = Object.assign(new Error('cannot list pods', { cause: root }), {
        code: 0,
        reason: 'ConnectionFailed',
      });
      const { stack, ...shown } = fieldsOf({ error })['error'] as Line;
      assert.match(String(stack), /^Error: cannot list pods\n {4}at /);
      assert.deepEqual(shown, {
        name: 'Error',
        message: 'cannot list pods',
        code: 0,
        reason: 'ConnectionFailed',
        causes: [{ name: 'TypeError', message: 'connect failed', code: 'ECONNREFUSED' }],
      });
    });

    it('that gather others', () => {
      const error = new AggregateError([new Error('a'), 'b'], 'both', { cause: new Error('c') });
      const { stack: _, ...shown } = fieldsOf({ error })['error'] as Line;
      assert.deepEqual(shown, {
        name: 'AggregateError',
        message: 'both',
        causes: [{ name: 'Error', message: 'a' }, 'b', { name: 'Error', message: 'c' }],
      });
    });

    it('that cause themselves', () => {
      const error = new Error('round');
      error.cause = error;
      assert.deepEqual((fieldsOf({ error })['error'] as Line)['causes'], ['[circular]']);
    });

    it('without a stack', () => {
      const error = new Error('bare');
      delete error.stack;
      assert.deepEqual(fieldsOf({ error }), { error: { name: 'Error', message: 'bare' } });
    });
  });

  const secrets: { title: string; fields: Line; expected: Line }[] = [
    ...[
      'token',
      'bearerToken',
      'Authorization',
      'clientSecret',
      'password',
      'passwd',
      'kubeconfig',
      'private_key',
      'apiKey',
      'cookie',
    ].map((key) => ({
      title: `the value of ${key}`,
      fields: { [key]: 'hunter2' },
      expected: { [key]: '[redacted]' },
    })),
    { title: 'whole objects', fields: { secret: { data: 'x' } }, expected: { secret: '[redacted]' } },
    {
      title: 'values deep inside',
      fields: { a: [{ token: 'x' }] },
      expected: { a: [{ token: '[redacted]' }] },
    },
    {
      title: 'a bearer token in a text',
      fields: { header: 'sent Authorization: Bearer abcdefgh.ijk-l' },
      expected: { header: 'sent Authorization: Bearer [redacted]' },
    },
    {
      title: 'a JSON Web Token in a text',
      fields: { text: 'got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln here' },
      expected: { text: 'got [redacted] here' },
    },
    {
      title: 'the password and the path of a URL',
      fields: { url: 'https://user:hunter2@rpc.example/v1' },
      expected: { url: 'https://[redacted]@rpc.example/[redacted]' },
    },
  ];
  for (const { title, fields, expected } of secrets) {
    it(`hides ${title}`, () => assert.deepEqual(fieldsOf(fields), expected));
  }

  it('hides secrets in the messages of errors', () => {
    const error = new Error('refused https://u:hunter2@host', { cause: new Error('Bearer abcdefghijkl') });
    assert.doesNotMatch(JSON.stringify(fieldsOf({ error })), /hunter2|abcdefghijkl/);
  });

  it('shows where secrets are', () => {
    const fields = {
      secretName: 'wallet',
      tokenFile: '/var/run/x',
      kubeconfigPath: '/root/.kube/config',
      tokenSeconds: 60,
    };
    assert.deepEqual(fieldsOf(fields), fields);
  });

  const values: { title: string; value: unknown; expected: unknown }[] = [
    { title: 'a bigint', value: 10n ** 30n, expected: `1${'0'.repeat(30)}` },
    { title: 'a date', value: new Date(0), expected: '1970-01-01T00:00:00.000Z' },
    { title: 'an invalid date', value: new Date(NaN), expected: 'Invalid Date' },
    { title: 'NaN', value: NaN, expected: 'NaN' },
    { title: 'a map', value: new Map([['a', 1]]), expected: { a: 1 } },
    { title: 'a set', value: new Set([1, 2]), expected: [1, 2] },
    { title: 'bytes', value: new Uint8Array(3), expected: '[3 bytes]' },
    { title: 'a buffer', value: new ArrayBuffer(5), expected: '[5 bytes]' },
    { title: 'null', value: null, expected: null },
    { title: 'a function', value: () => 1, expected: undefined },
    {
      title: 'a long list',
      value: Array.from({ length: 150 }, (_, index) => index),
      expected: [...Array.from({ length: 100 }, (_, index) => index), '… (150 items)'],
    },
    { title: 'a long text', value: 'x'.repeat(9000), expected: `${'x'.repeat(8192)}… (9000 characters)` },
    {
      title: 'a deep object',
      value: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
      expected: { a: { b: { c: { d: { e: { f: '[too deep]' } } } } } },
    },
  ];
  for (const { title, value, expected } of values) {
    it(`can show ${title}`, () => assert.deepEqual(fieldsOf({ value })['value'], expected));
  }

  it('survives objects that refuse to be read', () => {
    const hostile = {
      get value(): never {
        throw new TypeError('no');
      },
    };
    assert.deepEqual(fieldsOf({ hostile }), { hostile: '[cannot be shown: TypeError]' });
    const circle: Line = {};
    circle['self'] = circle;
    assert.deepEqual(fieldsOf({ circle }), { circle: { self: '[circular]' } });
  });

  it('writes to standard error, all of it, also when the process exits at once', async () => {
    const script = `
      import { createLogger } from './src/telemetry/winston-logger.ts';
      const log = createLogger({ level: 'info' });
      for (let line = 0; line < 200; line++) log.info('line', { line });
      process.exit(3);`;
    const run = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      script,
    ]).catch((failure: unknown) => failure as { code: number; stdout: string; stderr: string });
    const { stderr, stdout, code } = (await run) as { code?: number; stdout: string; stderr: string };
    assert.equal(code, 3, stderr);
    assert.equal(stdout, '');
    assert.equal((JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as Line)['line'], 199);
    assert.equal(stderr.trim().split('\n').length, 200);
  });
});
