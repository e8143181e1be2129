import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { resolveIntOrPercent } from '../../src/api/int-or-percent.ts';
import { QuantityError, formatQuantity, parseQuantity } from '../../src/api/quantity.ts';
import { matchesRequirements } from '../../src/compute/node-selector.ts';
import { KubeconfigError, loadConnection } from '../../src/kube/kubeconfig.ts';
import { WatchParseError, lineSplitter, readWatch } from '../../src/kube/watch-stream.ts';
import { systemClock } from '../../src/time/clock.ts';
import { searches, searchTimeout } from '../support/searches.ts';

/** Bytes in which newlines and braces are not rare, in chunks of any size. */
const chunks = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .constantFrom('\n', '{', '}', '{"type":"ADDED","object":', '{"metadata":{}}', '"ä')
      .map((text) => Uint8Array.from(Buffer.from(text))),
  ),
  { maxLength: 30 },
);

describe('fuzz: parsers', function () {
  this.timeout(searchTimeout(600_000));

  it('lines of a watch: the same lines whatever the chunks, and never more in memory than a line may have', () => {
    const MOST = 100;
    fc.assert(
      fc.property(chunks, (parts) => {
        const whole = Buffer.concat(parts);
        const complete = whole.subarray(0, whole.lastIndexOf(0x0a) + 1);
        const expected = complete.length === 0 ? [] : complete.subarray(0, -1).toString('latin1').split('\n');
        const splitter = lineSplitter(MOST);
        const lines: string[] = [];
        try {
          for (const part of parts) {
            lines.push(...splitter.push(part));
          }
        } catch (error) {
          assert.ok(error instanceof WatchParseError);
          const longest = Math.max(
            ...whole
              .toString('latin1')
              .split('\n')
              .map(({ length }) => length),
          );
          assert.ok(longest > MOST);
          return;
        }
        assert.deepEqual(
          lines,
          expected.map((line) => Buffer.from(line, 'latin1').toString('utf8')),
        );
      }),
      { numRuns: searches(250) },
    );
  });

  it('a watch of any bytes: read to its end or WatchParseError, and the stream is destroyed', async () => {
    await fc.assert(
      fc.asyncProperty(chunks, async (parts) => {
        const body = Readable.from(parts.map((part) => Buffer.from(part)));
        try {
          await readWatch(body, { clock: systemClock, silenceMs: 1000, onEvent: () => undefined });
        } catch (error) {
          assert.ok(error instanceof WatchParseError, String(error));
        }
        assert.ok(body.destroyed);
      }),
      { numRuns: searches(63) },
    );
  });

  it('quantities: a value or QuantityError, and what is written is read as the same', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.stringMatching(/^[+-]?[0-9]{0,30}[.]?[0-9]{0,12}([numkMGTPE]i?|[eE][+-]?[0-9]{1,9})?$/),
      fc.double(),
    );
    fc.assert(
      fc.property(text, (value) => {
        try {
          const quantity = parseQuantity(value);
          assert.equal(parseQuantity(formatQuantity(quantity)).nanos, quantity.nanos);
        } catch (error) {
          assert.ok(error instanceof QuantityError, String(error));
        }
      }),
      { numRuns: searches(625) },
    );
  });

  it('numbers or percentages: a whole number from 0 up, or RangeError', () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.stringMatching(/^-?[0-9]{1,4}%?$/));
    fc.assert(
      fc.property(
        value,
        fc.nat(),
        fc.constantFrom('up' as const, 'down' as const),
        (given, total, rounding) => {
          try {
            const count = resolveIntOrPercent(given, total, rounding);
            assert.ok(Number.isSafeInteger(count) && count >= 0, String(count));
          } catch (error) {
            assert.ok(error instanceof RangeError);
          }
        },
      ),
      { numRuns: searches(375) },
    );
  });

  it('label requirements: an answer for any labels and values', () => {
    const label = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('a', '10', '-3', '__proto__'));
    const requirement = fc.record({
      key: label,
      operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt') as fc.Arbitrary<'In'>,
      values: fc.array(label, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.dictionary(label, label), fc.array(requirement, { maxLength: 4 }), (labels, wanted) => {
        const all = matchesRequirements(labels, wanted);
        assert.equal(
          all,
          wanted.every((one) => matchesRequirements(labels, [one])),
        );
      }),
      { numRuns: searches(375) },
    );
  });

  it('kubeconfigs: a connection or KubeconfigError that quotes no secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'headframe-test-'));
    const file = join(folder, 'kubeconfig');
    const any = fc.jsonValue({ maxDepth: 2 });
    const part = (good: unknown): fc.Arbitrary<unknown> =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, any);
    const config = fc.record(
      {
        apiVersion: part('v1'),
        kind: part('Config'),
        'current-context': part('c'),
        clusters: part([{ name: 'c', cluster: { server: 'https://127.0.0.1:1' } }]),
        users: fc.oneof(
          part([{ name: 'u', user: { token: 'SECRET' } }]),
          part([{ name: 'u', user: 'SECRET' }]),
        ),
        contexts: part([{ name: 'c', context: { cluster: 'c', user: 'u' } }]),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      config.map((value) => JSON.stringify(value)),
      fc.string({ maxLength: 200 }),
    );
    try {
      await fc.assert(
        fc.asyncProperty(text, async (content) => {
          await writeFile(file, content);
          try {
            await loadConnection({ kubeconfig: file });
          } catch (error) {
            assert.ok(error instanceof KubeconfigError, `${String(error)} of ${content}`);
            assert.ok(!error.message.includes('SECRET'));
          }
        }),
        { numRuns: searches(38) },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
