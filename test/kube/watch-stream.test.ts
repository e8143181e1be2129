import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import {
  WatchParseError,
  WatchSilentError,
  lineSplitter,
  parseWatchEvent,
  readWatch,
} from '../../src/kube/watch-stream.ts';
import type { WatchEvent } from '../../src/kube/watch-stream.ts';
import { configMap } from '../support/config-maps.ts';
import { countTurns } from '../support/event-loop-turns.ts';
import { busyClock, manualClock, settle } from '../support/manual-clock.ts';

describe('lineSplitter', () => {
  it('gives the same lines however the bytes are cut', () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' '));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat({ max: 40 })), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'utf8');
        const splitter = lineSplitter();
        const seen: string[] = [];
        let start = 0;
        for (const length of [...cuts, bytes.length]) {
          seen.push(...splitter.push(bytes.subarray(start, start + length)));
          start += length;
        }
        splitter.end();
        assert.deepEqual(
          seen,
          Buffer.from(lines.join('\n')).toString('utf8').split('\n').slice(0, lines.length),
        );
      }),
    );
  });

  it('keeps a character whole that is cut at every byte', () => {
    const splitter = lineSplitter();
    const lines = [...Buffer.from('{"name":"Zürich 🙂"}\n')].flatMap((byte) =>
      splitter.push(Uint8Array.of(byte)),
    );
    assert.deepEqual(lines, ['{"name":"Zürich 🙂"}']);
  });

  it('takes bytes that are a view into a larger buffer', () => {
    const buffer = Buffer.from('xxab\ncd');
    assert.deepEqual(lineSplitter().push(new Uint8Array(buffer.buffer, buffer.byteOffset + 2, 3)), ['ab']);
  });

  it('fails at the end when the last line has no newline', () => {
    const splitter = lineSplitter();
    assert.deepEqual(splitter.push(Buffer.from('a\nb')), ['a']);
    assert.throws(() => splitter.end(), new WatchParseError('the last line of the watch was cut off'));
  });

  it('fails for a line without end before it fills the memory', () => {
    const splitter = lineSplitter(10);
    splitter.push(Buffer.from('12345\n1234567890'));
    assert.throws(() => splitter.push(Buffer.from('1')), /longer than 10 bytes/);
  });
});

describe('parseWatchEvent', () => {
  const good: { name: string; event: object }[] = [
    { name: 'ADDED', event: { type: 'ADDED', object: configMap('a', '1') } },
    { name: 'MODIFIED', event: { type: 'MODIFIED', object: configMap('a', '1') } },
    { name: 'DELETED', event: { type: 'DELETED', object: configMap('a', '1') } },
    {
      name: 'BOOKMARK without a name',
      event: { type: 'BOOKMARK', object: { metadata: { resourceVersion: '9' } } },
    },
    { name: 'ERROR with anything', event: { type: 'ERROR', object: null } },
  ];
  for (const { name, event } of good) {
    it(`reads ${name}`, () => assert.deepEqual(parseWatchEvent(JSON.stringify(event)), event));
  }

  const bad: { name: string; line: string }[] = [
    { name: 'what is not JSON', line: '{"type":"ADDED","object":{"data":"hunter2"' },
    { name: 'an empty line', line: '' },
    { name: 'null', line: 'null' },
    { name: 'a string', line: '"hunter2"' },
    { name: 'a list', line: JSON.stringify({ kind: 'PodList', items: ['hunter2'] }) },
    { name: 'an unknown type', line: JSON.stringify({ type: 'SYNC', object: configMap('a', '1') }) },
    { name: 'an event without object', line: '{"type":"ADDED"}' },
    { name: 'an object without metadata', line: '{"type":"ADDED","object":{}}' },
    {
      name: 'an object without name',
      line: '{"type":"ADDED","object":{"metadata":{"resourceVersion":"1"}}}',
    },
    { name: 'an object without version', line: '{"type":"ADDED","object":{"metadata":{"name":"x"}}}' },
    { name: 'a bookmark without version', line: '{"type":"BOOKMARK","object":{"metadata":{}}}' },
  ];
  for (const { name, line } of bad) {
    it(`refuses ${name} without quoting it`, () => {
      assert.throws(
        () => parseWatchEvent(line),
        (error) => error instanceof WatchParseError && !error.message.includes('hunter2'),
      );
    });
  }
});

describe('readWatch', () => {
  it('hands over the events in order until the stream ends', async () => {
    const body = new PassThrough();
    const clock = manualClock();
    const events: WatchEvent<unknown>[] = [];
    const reading = readWatch(body, { clock, silenceMs: 70_000, onEvent: (event) => events.push(event) });
    for (const version of ['1', '2']) {
      body.write(
        `${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: version } } })}\n`,
      );
    }
    body.end();
    await reading;
    assert.deepEqual(
      events.map(({ type, object }) => [type, object]),
      [
        ['BOOKMARK', { metadata: { resourceVersion: '1' } }],
        ['BOOKMARK', { metadata: { resourceVersion: '2' } }],
      ],
    );
    assert.equal(clock.pending(), 0);
  });

  it('counts any byte as a sign of life, and ends the stream after too long a silence', async () => {
    const body = new PassThrough();
    const clock = manualClock();
    const reading = assert.rejects(
      readWatch(body, { clock, silenceMs: 70_000, onEvent: () => undefined }),
      new WatchSilentError('the watch was silent for 70 s'),
    );
    await settle();
    await clock.advance(69_000);
    body.write('{');
    await settle();
    await clock.advance(69_999);
    assert.equal(body.destroyed, false);
    await clock.advance(1);
    await reading;
    assert.equal(body.destroyed, true);
    assert.equal(clock.pending(), 0);
  });

  it('destroys the stream when the reader fails', async () => {
    const body = new PassThrough();
    const clock = manualClock();
    const reading = assert.rejects(
      readWatch(body, {
        clock,
        silenceMs: 70_000,
        onEvent: () => {
          throw new Error('reader');
        },
      }),
      /reader/,
    );
    body.write('{"type":"ERROR","object":{}}\n');
    await reading;
    assert.equal(body.destroyed, true);
    assert.equal(clock.pending(), 0);
  });

  it('lets timers and sockets have their turn among the lines of a long list', async () => {
    const count = countTurns();
    const seen: number[] = [];
    const body = new PassThrough();
    const line = `${JSON.stringify({ type: 'ADDED', object: configMap('a', '1') })}\n`;
    body.end(line.repeat(100));

    await readWatch(body, { clock: busyClock(), silenceMs: 70_000, onEvent: () => seen.push(count.turns) });

    count.stop();
    assert.equal(seen.length, 100);
    assert.ok((seen.at(-1) ?? 0) - (seen[0] ?? 0) >= 10, `${seen.at(-1)} turns`);
  });
});
