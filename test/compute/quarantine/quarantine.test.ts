import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Quarantine } from '../../../src/api/quarantine.ts';
import type { NodeFailure } from '../../../src/compute/quarantine/failures.ts';
import { nodesInQuarantine } from '../../../src/compute/quarantine/nodes-left-out.ts';
import { type QuarantineFinding, quarantineOf } from '../../../src/compute/quarantine/quarantine.ts';
import { NOW } from '../../support/pool-objects.ts';

const MINUTE = 60_000;

function failure(id: string, at: number, options: Partial<NodeFailure> = {}): NodeFailure {
  return { node: 'n', id, at, what: 'UnexpectedAdmissionError', counts: 'once', ...options };
}

/** A cluster, looked at again and again; what was found is what the next look begins with. */
function cluster(terms: Partial<Quarantine> = {}): {
  look: (now: number, ...failures: readonly NodeFailure[]) => QuarantineFinding;
} {
  let { quarantine, nodeFailures }: Pick<QuarantineFinding, 'quarantine' | 'nodeFailures'> = {
    quarantine: [],
    nodeFailures: [],
  };
  return {
    look(now, ...failures) {
      const grounds = { terms: { ...Quarantine.parse({}), ...terms }, quarantine, nodeFailures, failures };
      const found = quarantineOf(JSON.parse(JSON.stringify(grounds)) as typeof grounds, now);
      ({ quarantine, nodeFailures } = found);
      return found;
    },
  };
}

const three = (prefix: string, at: number): NodeFailure[] =>
  [0, 1, 2].map((index) => failure(`${prefix}${index}`, at + index * 1000));

/** `n LeftOut 1x`. */
const words = ({ quarantine }: QuarantineFinding): string[] =>
  quarantine.map(({ node, stage, times }) => `${node} ${stage} ${times}x`);

describe('compute/quarantine', () => {
  it('remembers failures of pods that are gone, counts each once, and leaves the node out at the third', () => {
    const { look } = cluster();
    assert.deepEqual(words(look(NOW, failure('a', NOW))), []);
    assert.deepEqual(words(look(NOW + MINUTE, failure('a', NOW))), []);
    assert.deepEqual(words(look(NOW + 2 * MINUTE, failure('b', NOW + 2 * MINUTE))), []);
    assert.deepEqual(words(look(NOW + 3 * MINUTE)), []);

    const found = look(NOW + 4 * MINUTE, failure('c', NOW + 4 * MINUTE, { what: 'XID 79' }));

    assert.deepEqual(words(found), ['n LeftOut 1x']);
    assert.deepEqual(found.entered, found.quarantine);
    assert.equal(found.quarantine[0]?.reason, '2 x UnexpectedAdmissionError, XID 79');
    assert.deepEqual(found.nodeFailures, []);
    assert.equal(found.nextAt, NOW + 14 * MINUTE);
  });

  it('forgets failures that the window has left behind', () => {
    const { look } = cluster();
    look(NOW, failure('a', NOW), failure('b', NOW + 1000));
    const found = look(NOW + 10 * MINUTE, failure('c', NOW + 10 * MINUTE));
    assert.deepEqual(words(found), []);
    assert.deepEqual(
      found.nodeFailures.map(({ failures }) => failures.map(({ id }) => id)),
      [['b', 'c']],
    );
  });

  it('tells nodes apart', () => {
    const failures = [...three('a', NOW), failure('x', NOW, { node: 'm' })];
    const found = cluster().look(NOW + 5000, ...failures);
    assert.deepEqual(words(found), ['n LeftOut 1x']);
    assert.deepEqual(
      found.nodeFailures.map(({ node }) => node),
      ['m'],
    );
  });

  it('tries the node again when the time is over, once, with nothing against it', () => {
    const { look } = cluster();
    const stubborn = three('a', NOW);
    look(NOW + 5000, ...stubborn);
    const during = three('b', NOW + 5 * MINUTE);
    assert.deepEqual(look(NOW + 6 * MINUTE, ...stubborn, ...during).nodeFailures, []);

    const at = NOW + 5000 + 10 * MINUTE;
    assert.deepEqual(look(at - 1, ...stubborn, ...during).released, []);
    const found = look(at, ...stubborn, ...during);
    assert.deepEqual(words(found), ['n OnTrial 1x']);
    assert.deepEqual(
      found.released.map(({ node }) => node),
      ['n'],
    );
    assert.deepEqual(nodesInQuarantine(found.quarantine, at), []);
    assert.deepEqual(look(at + 1, ...stubborn, ...during).released, []);
  });

  it('forgets a former quarantine after a good time', () => {
    const { look } = cluster({ maxSeconds: 3600 });
    look(NOW, ...three('a', NOW - 5000));
    look(NOW + 10 * MINUTE);
    assert.deepEqual(words(look(NOW + 70 * MINUTE - 1)), ['n OnTrial 1x']);
    assert.deepEqual(words(look(NOW + 70 * MINUTE)), []);
    assert.deepEqual(words(look(NOW + 71 * MINUTE, ...three('b', NOW + 71 * MINUTE - 5000))), [
      'n LeftOut 1x',
    ]);
  });

  it('leaves out at once a node that is reported as broken, however long ago, but once for each report', () => {
    const report = failure('XIDErrors/x', NOW - 100 * MINUTE, {
      counts: 'standing',
      what: 'XIDErrors: XID 79',
    });
    const { look } = cluster();
    assert.deepEqual(words(look(NOW, report)), ['n LeftOut 1x']);
    assert.deepEqual(words(look(NOW + 10 * MINUTE, report)), ['n OnTrial 1x']);
    const again = { ...report, id: 'XIDErrors/y', at: NOW + 12 * MINUTE };
    assert.deepEqual(words(look(NOW + 13 * MINUTE, again)), ['n LeftOut 2x']);
  });

  it('leaves out at once a node with a failure that is enough, if it is news', () => {
    const fatal = failure('xid-79/1/GPU-1', NOW, { counts: 'enough', what: 'XID 79' });
    const { look } = cluster();
    const found = look(NOW + 1000, failure('a', NOW), fatal);
    assert.deepEqual(words(found), ['n LeftOut 1x']);
    assert.equal(found.quarantine[0]?.reason, 'XID 79');
    const during = { ...fatal, id: 'xid-79/2/GPU-1', at: NOW + 5 * MINUTE };
    const over = NOW + 1000 + 10 * MINUTE;
    assert.deepEqual(
      words(look(over, fatal, during)),
      ['n OnTrial 1x'],
      'what fails meanwhile does not count',
    );
    const again = { ...fatal, id: 'xid-79/3/GPU-1', at: over + MINUTE };
    assert.deepEqual(words(look(over + MINUTE, fatal, during, again)), ['n LeftOut 2x']);
    assert.deepEqual(
      words(cluster().look(NOW + 11 * MINUTE, fatal)),
      [],
      'nor what the window has left behind',
    );
  });

  it('leaves nobody out when it is switched off, and releases who is', () => {
    const { look } = cluster({ failures: 0 });
    assert.deepEqual(words(look(NOW, ...three('a', NOW))), []);
    const entry = { node: 'n', stage: 'LeftOut' as const, startTime: '', endTime: '', times: 1, reason: '' };
    const terms = { ...Quarantine.parse({}), failures: 0 };
    const { quarantine, released } = quarantineOf(
      { terms, quarantine: [entry], nodeFailures: [], failures: [] },
      NOW,
    );
    assert.deepEqual([quarantine, released], [[], [entry]]);
  });

  it('keeps as much as the status has room for: what is of the longest use', () => {
    const failures = Array.from({ length: 300 }, (_, index) =>
      failure(`f${index}`, NOW + index * 1000, { node: `n${index}` }),
    );
    const now = NOW + 300_000;
    const { nodeFailures } = cluster().look(now, ...failures);
    assert.equal(nodeFailures.length, 256);
    assert.ok(nodeFailures.every(({ node }) => Number(node.slice(1)) >= 44));
    const { quarantine } = cluster({ failures: 1 }).look(now, ...failures);
    assert.equal(quarantine.length, 256);
  });

  it('doubles to the most, and always ends', () => {
    const anyTerms = fc.record({
      failures: fc.integer({ min: 1, max: 10 }),
      firstSeconds: fc.integer({ min: 1, max: 5000 }),
      /** Longer than it takes to fail again: else the former quarantine is forgotten meanwhile. */
      maxSeconds: fc.integer({ min: 11, max: 50_000 }),
    });
    fc.assert(
      fc.property(anyTerms, fc.integer({ min: 1, max: 20 }), (terms, rounds) => {
        const { look } = cluster(terms);
        let now = NOW;
        let expected = Math.min(terms.firstSeconds, terms.maxSeconds);
        for (let round = 1; round <= rounds; round++) {
          now += terms.failures * 1000;
          const all = Array.from({ length: terms.failures }, (_, index) =>
            failure(`${round}/${index}`, now - index * 500),
          );
          assert.equal(look(now, ...all.slice(1)).entered.length, 0);
          const { quarantine, nextAt } = look(now, ...all);
          assert.deepEqual(nodesInQuarantine(quarantine, now), ['n']);
          assert.equal(nextAt, now + expected * 1000);
          now = nextAt;
          assert.deepEqual(nodesInQuarantine(look(now).quarantine, now), []);
          expected = Math.min(expected * 2, terms.maxSeconds);
        }
      }),
    );
  });
});
