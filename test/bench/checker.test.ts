import assert from 'node:assert/strict';
import { failures, figuresOf, type Verdict, verdictOn } from '../../bench/checker/check.ts';
import { scenarios } from '../../bench/scenarios/all.ts';
import { burst } from '../../bench/scenarios/races.ts';
import type { Measure } from '../../bench/scenarios/scenario.ts';

const lower: Measure = { id: 'x', title: 'x', unit: 'ratio', better: 'lower', aim: 0.8, limit: 1 };
const higher: Measure = { id: 'y', title: 'y', unit: 'share', better: 'higher', aim: 0.7, limit: 0.5 };
const { aim: _aim, ...limitOnly } = lower;
const { limit: _limit, ...aimOnly } = lower;
const { limit: _none, ...context } = limitOnly;

describe('bench/checker', () => {
  const table: { measure: Measure; value: number | null; verdict: Verdict }[] = [
    { measure: lower, value: 0.7, verdict: 'met' },
    { measure: lower, value: 0.8, verdict: 'met' },
    { measure: lower, value: 0.81, verdict: 'aim missed' },
    { measure: lower, value: 1, verdict: 'aim missed' },
    { measure: lower, value: 1.01, verdict: 'limit missed' },
    { measure: lower, value: null, verdict: 'not measured' },
    { measure: higher, value: 0.7, verdict: 'met' },
    { measure: higher, value: 0.69, verdict: 'aim missed' },
    { measure: higher, value: 0.49, verdict: 'limit missed' },
    { measure: limitOnly, value: 0.9, verdict: 'met' },
    { measure: limitOnly, value: 1.1, verdict: 'limit missed' },
    { measure: aimOnly, value: 5, verdict: 'aim missed' },
    { measure: context, value: 5, verdict: 'context' },
    { measure: context, value: null, verdict: 'context' },
  ];
  for (const { measure, value, verdict } of table) {
    const bounds = `aim ${measure.aim ?? 'none'}, limit ${measure.limit ?? 'none'}`;
    it(`calls ${value} "${verdict}" where ${measure.better} is better, ${bounds}`, () => {
      assert.equal(verdictOn(measure, value), verdict);
    });
  }

  it('gives every measure a figure, in the order of the scenario, measured or not', () => {
    const figures = figuresOf(burst, [
      { id: 'runningRatio', value: 0.75, samples: [0.7, 0.75, 0.9] },
      { id: 'createdRatio', value: NaN, samples: [] },
    ]);
    assert.deepEqual(
      figures.map(({ id }) => id),
      burst.measures.map(({ id }) => id),
    );
    assert.deepEqual(figures[0]?.value, null);
    assert.deepEqual([figures[1]?.value, figures[1]?.verdict], [0.75, 'met']);
  });

  it('fails for limits, not for aims, and for a limit that was not measured', () => {
    const readings = [
      { id: 'createdRatio', value: 1.2, samples: [1.2] },
      { id: 'runningRatio', value: 0.9, samples: [0.9] },
      { id: 'shareOfRaw', value: 0.1, samples: [0.1] },
    ];
    assert.deepEqual(
      failures(figuresOf(burst, readings)).map(({ id, verdict }) => [id, verdict]),
      [
        ['createdRatio', 'limit missed'],
        ['eventLoopLagP99', 'not measured'],
      ],
    );
  });

  it('knows what every scenario measures by an id of its own', () => {
    for (const { name, measures } of scenarios) {
      assert.equal(new Set(measures.map(({ id }) => id)).size, measures.length, name);
    }
    assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
  });
});
