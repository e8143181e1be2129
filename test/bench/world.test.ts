import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { pairs } from '../../bench/runner/reaction.ts';
import { isLease, isWrite } from '../../bench/runner/steady.ts';
import { type AuditEntry, auditPolicy, microseconds, parseAudit } from '../../bench/world/audit.ts';
import { autogroupNiceness, stubborn } from '../../bench/world/autogroup.ts';
import { inParallel } from '../../bench/world/in-parallel.ts';
import { parseMetrics, valueOf } from '../../bench/world/metrics.ts';

function entry(
  verb: string,
  resource: string,
  more: Partial<AuditEntry> & { name?: string } = {},
): AuditEntry {
  const { name = 'x', ...rest } = more;
  return {
    verb,
    user: { username: 'somebody' },
    objectRef: { resource, name },
    requestReceivedTimestamp: '2026-01-01T00:00:00.000000Z',
    stageTimestamp: '2026-01-01T00:00:00.000000Z',
    ...rest,
  };
}

describe('bench/world', () => {
  it('knows how far a session gives way, where sessions share the processor', () => {
    assert.equal(autogroupNiceness('/autogroup-30 nice 19\n'), 19);
    assert.equal(autogroupNiceness('/autogroup-7 nice -5\n'), -5);
    assert.equal(autogroupNiceness(''), undefined);
  });

  it('names no program of which nothing can be known', async () => {
    assert.deepEqual(await stubborn({ gone: 0 }, 19), []);
  });

  it('reads samples of Prometheus’ text format, with and without labels', () => {
    const scrape = parseMetrics(
      [
        '# HELP up Whether.',
        '# TYPE up gauge',
        'up 1',
        'requests_total{code="200",path="/a b"} 12',
        'small 1.5e-3 1700000000000',
        'odd NaN',
        '',
      ].join('\n'),
    );
    assert.equal(scrape.size, 4);
    assert.equal(valueOf(scrape, 'up'), 1);
    assert.equal(valueOf(scrape, 'requests_total{code="200",path="/a b"}'), 12);
    assert.equal(valueOf(scrape, 'small'), 0.0015);
    assert.ok(Number.isNaN(valueOf(scrape, 'absent')));
  });

  const times: { text: string; after: number }[] = [
    { text: '2026-01-01T00:00:00Z', after: 0 },
    { text: '2026-01-01T00:00:00.5Z', after: 500_000 },
    { text: '2026-01-01T00:00:00.000123Z', after: 123 },
    { text: '2026-01-01T00:00:01.200000Z', after: 1_200_000 },
  ];
  for (const { text, after } of times) {
    it(`reads ${text} to the microsecond`, () => {
      assert.equal(microseconds(text) - Date.parse('2026-01-01T00:00:00Z') * 1000, after);
    });
  }

  it('leaves out the line of the audit log that is still being written', () => {
    const line = JSON.stringify(entry('get', 'leases'));
    assert.equal(parseAudit(`${line}\n${line}\n${line.slice(0, 20)}`).length, 2);
    assert.deepEqual(parseAudit(''), []);
  });

  it('logs what the operator asks, but pods only where it is told to', () => {
    const policy = parse(auditPolicy('operator', ['watched', 'small'])) as {
      rules: Record<string, unknown>[];
    };
    assert.deepEqual(
      policy.rules.map(({ level, namespaces, users }) => [level, namespaces, users]),
      [
        ['Metadata', ['watched', 'small'], undefined],
        ['None', undefined, undefined],
        ['Metadata', undefined, ['operator']],
        ['None', undefined, undefined],
      ],
    );
  });

  const requests: { verb: string; write: boolean }[] = [
    { verb: 'get', write: false },
    { verb: 'list', write: false },
    { verb: 'watch', write: false },
    { verb: 'create', write: true },
    { verb: 'patch', write: true },
    { verb: 'update', write: true },
    { verb: 'delete', write: true },
  ];
  for (const { verb, write } of requests) {
    it(`${write ? 'counts' : 'does not count'} a ${verb} as a write`, () => {
      assert.equal(isWrite(entry(verb, 'pods')), write);
    });
  }

  it('tells the lease from the rest', () => {
    assert.equal(isLease(entry('update', 'leases')), true);
    assert.equal(isLease(entry('update', 'minerpools')), false);
  });

  describe('pairs', () => {
    const change = entry('patch', 'minerpools', {
      name: 'f0',
      requestReceivedTimestamp: '2026-01-01T00:00:00.001000Z',
      stageTimestamp: '2026-01-01T00:00:00.005000Z',
    });
    const creation = entry('create', 'pods', {
      name: 'f0-10',
      requestReceivedTimestamp: '2026-01-01T00:00:00.012500Z',
    });
    const status = entry('patch', 'minerpools', {
      objectRef: { resource: 'minerpools', name: 'f0', subresource: 'status' },
      stageTimestamp: '2026-01-01T00:00:00.020000Z',
    });
    const binding = entry('create', 'pods', {
      objectRef: { resource: 'pods', name: 'f0-10', subresource: 'binding' },
      requestReceivedTimestamp: '2026-01-01T00:00:00.030000Z',
    });
    const wanted = [{ pool: 'f0', pod: 'f0-10' }];

    it('measures from the change of the spec to the creation of its pod', () => {
      assert.deepEqual(pairs([change, creation, status, binding], wanted), [
        { sinceAnswer: 7.5, sinceRequest: 11.5 },
      ]);
    });

    for (const { what, entries, says } of [
      { what: 'change', entries: [creation], says: /no change of f0/ },
      { what: 'creation', entries: [change], says: /no creation of f0-10/ },
    ]) {
      it(`says so when the ${what} is missing`, () => {
        assert.throws(() => pairs(entries, wanted), says);
      });
    }
  });

  it('runs so many at a time, and fails with the first error', async () => {
    let running = 0;
    let most = 0;
    await inParallel([1, 2, 3, 4, 5], 2, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    });
    assert.equal(most, 2);
    await assert.rejects(
      inParallel([1], 4, () => Promise.reject(new Error('no'))),
      /no/,
    );
  });
});
