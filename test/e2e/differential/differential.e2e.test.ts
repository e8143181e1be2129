import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { topics } from './cases.ts';
import { describeDifference, differences, type Difference } from './compare.ts';
import { explanation, knownDifferences, type KnownDifference } from './known-differences.ts';
import { normalised } from './normalise.ts';
import { prepare } from './prepare.ts';
import { runCase } from './run-case.ts';
import { connect, type Connection } from './side.ts';
import { startRealTwice, startSides, type Sides } from './start-sides.ts';
import type { Case } from './step.ts';

/** `real` compares a real server with itself: every difference is then the harness' fault. */
const realTwice = process.env['HEADFRAME_DIFFERENTIAL'] === 'real';
/** A file for all differences, known ones included, as JSON. */
const reportFile = process.env['HEADFRAME_DIFFERENTIAL_REPORT'];

describe('The embedded API server answers as the real one does', () => {
  let sides: Sides;
  let real: Connection;
  let embedded: Connection;
  const cases = Object.values(topics).flat();
  const found: Difference[] = [];
  const occurred = new Set<KnownDifference>();
  let compared = 0;

  before(async () => {
    sides = await (realTwice ? startRealTwice() : startSides());
    real = connect(sides.real);
    embedded = connect(sides.embedded);
    await Promise.all([prepare(real, cases), prepare(embedded, cases)]);
  });

  it('compares at least 200 cases', () => {
    assert.ok(cases.length >= 200, `${cases.length} cases`);
  });

  after(async () => {
    real.close();
    embedded.close();
    await sides.stop();
    if (reportFile !== undefined) {
      await writeFile(reportFile, JSON.stringify(found, undefined, 1));
    }
  });

  async function compare(wanted: Case): Promise<void> {
    const [expected, actual] = await Promise.all([runCase(real, wanted), runCase(embedded, wanted)]);
    const all = differences(wanted.name, normalised(expected), normalised(actual));
    found.push(...all);
    compared++;
    const unexplained = all.filter((difference) => {
      const known = realTwice ? undefined : explanation(difference);
      if (known !== undefined) {
        occurred.add(known);
      }
      return known === undefined;
    });
    assert.equal(unexplained.length, 0, unexplained.map(describeDifference).join('\n'));
  }

  for (const [topic, members] of Object.entries(topics)) {
    describe(topic, () => {
      for (const each of members) {
        it(each.name, () => compare(each));
      }
    });
  }

  it('lists no difference that does not occur', function () {
    if (realTwice || compared < cases.length) {
      this.skip(); // some cases were left out, so that some differences cannot occur
    }
    const stale = knownDifferences.filter((known) => !occurred.has(known));
    assert.deepEqual(
      stale.map(({ reason }) => reason),
      [],
    );
  });

  it('gives every case a namespace of its own', () => {
    const names = cases.map((each) =>
      each.name
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .slice(0, 50),
    );
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });
});
