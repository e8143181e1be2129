import assert from 'node:assert/strict';
import {
  formatLine,
  parseLogOptions,
  selectLines,
  type LogLine,
  type LogOptions,
} from '../../../src/devcluster/node-agent/log-options.ts';

const now = Date.UTC(2026, 0, 1, 0, 1, 0);

function parse(query: string): LogOptions {
  return parseLogOptions(new URLSearchParams(query), now);
}

const lines: LogLine[] = ['00', '20', '40'].map((second) => ({
  time: `2026-01-01T00:00:${second}.000000000Z`,
  stream: 'stdout',
  text: `at ${second}`,
}));

describe('log options', () => {
  it('are all off by default', () => {
    assert.deepEqual(parse(''), {
      follow: false,
      previous: false,
      timestamps: false,
      tailLines: undefined,
      limitBytes: undefined,
      since: undefined,
    });
  });

  it('read what kubectl sends', () => {
    const options = parse(
      'follow=true&previous=true&timestamps=true&tailLines=5&sinceSeconds=30&limitBytes=9',
    );
    assert.deepEqual(options, {
      follow: true,
      previous: true,
      timestamps: true,
      tailLines: 5,
      limitBytes: 9,
      since: now - 30_000,
    });
  });

  for (const query of [
    'tailLines=-1',
    'tailLines=x',
    'sinceSeconds=0',
    'limitBytes=1.5',
    'sinceTime=yesterday',
  ]) {
    it(`refuse ${query}`, () => {
      assert.throws(() => parse(query), RangeError);
    });
  }

  const selections: [string, string[]][] = [
    ['', ['at 00', 'at 20', 'at 40']],
    ['tailLines=2', ['at 20', 'at 40']],
    ['tailLines=0', []],
    ['tailLines=9', ['at 00', 'at 20', 'at 40']],
    ['sinceSeconds=45', ['at 20', 'at 40']],
    ['sinceTime=2026-01-01T00:00:40Z', ['at 40']],
    ['sinceSeconds=45&tailLines=1', ['at 40']],
  ];
  for (const [query, texts] of selections) {
    it(`leave ${texts.length} lines over with "${query}"`, () => {
      assert.deepEqual(
        selectLines(lines, parse(query)).map(({ text }) => text),
        texts,
      );
    });
  }

  it('put the time before the line when asked', () => {
    const [line] = lines;
    assert.equal(formatLine(line!, { timestamps: true }), '2026-01-01T00:00:00.000000000Z at 00\n');
    assert.equal(formatLine(line!, { timestamps: false }), 'at 00\n');
  });
});
