import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLogFile, readLog, type LogFile } from '../../../src/devcluster/node-agent/log-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const now = () => Date.UTC(2026, 0, 1);

describe('log file', () => {
  const folder = temporaryFolder();
  const path = (): string => join(folder(), 'a', '0.log');
  const texts = (log: LogFile): string[] => log.lines().map(({ text }) => text);

  it('is written in the form of container runtimes', () => {
    const log = openLogFile({ path: path(), now });
    log.write('stderr', Buffer.from('no such file\n'));
    log.close();

    assert.equal(readFileSync(path(), 'utf8'), '2026-01-01T00:00:00.000000000Z stderr F no such file\n');
  });

  it('joins lines that come in pieces, each stream by itself, and writes the rest at the end', () => {
    const log = openLogFile({ path: path(), now });
    log.write('stdout', Buffer.from('one\ntw'));
    log.write('stderr', Buffer.from('oops'));
    log.write('stdout', Buffer.from('o\n\nthree'));

    assert.deepEqual(texts(log), ['one', 'two', '']);
    log.close();
    assert.deepEqual(
      readLog(path())
        .map(({ stream, text }) => [stream, text])
        .slice(3),
      [
        ['stdout', 'three'],
        ['stderr', 'oops'],
      ],
    );
  });

  it('keeps characters whole whose bytes come apart', () => {
    const log = openLogFile({ path: path(), now });
    const bytes = Buffer.from('Zürich ⛏\n');
    for (const byte of bytes) {
      log.write('stdout', Buffer.from([byte]));
    }

    assert.deepEqual(texts(log), ['Zürich ⛏']);
    log.close();
  });

  it('cuts a line that has no end', () => {
    const log = openLogFile({ path: path(), now });
    log.write('stdout', Buffer.from('x'.repeat(40_000)));

    assert.deepEqual(
      log.lines().map(({ text }) => text.length),
      [16_384, 16_384],
    );
    log.close();
  });

  it('keeps the youngest lines when it has grown too large', () => {
    const log = openLogFile({ path: path(), now, maxBytes: 200 });
    for (let index = 0; index < 50; index++) {
      log.write('stdout', Buffer.from(`line ${index}\n`));
    }

    const kept = texts(log);
    assert.equal(kept.at(-1), 'line 49');
    assert.ok(kept.length >= 4 && kept.length <= 10, `kept ${kept.length}`);
    assert.deepEqual(
      kept,
      Array.from({ length: kept.length }, (_, index) => `line ${50 - kept.length + index}`),
    );
    log.close();
  });

  it('tells followers every further line, in order, and the end', () => {
    const log = openLogFile({ path: path(), now });
    const heard: string[] = [];
    log.write('stdout', Buffer.from('before\n'));
    log.follow({ line: ({ text }) => heard.push(text), end: () => heard.push('END') });
    const stop = log.follow({
      line: ({ text }) => heard.push(`other ${text}`),
      end: () => heard.push('other END'),
    });
    log.write('stdout', Buffer.from('a\n'));
    stop();
    log.write('stdout', Buffer.from('b'));
    log.close();

    assert.deepEqual(heard, ['a', 'other a', 'b', 'END']);
  });

  it('ends at once for who follows a closed log', () => {
    const log = openLogFile({ path: path(), now });
    log.close();
    const heard: string[] = [];
    log.follow({ line: () => heard.push('line'), end: () => heard.push('END') });

    assert.deepEqual(heard, ['END']);
  });

  it('is empty when nobody ever wrote it', () => {
    assert.deepEqual(readLog(join(folder(), 'none.log')), []);
  });
});
