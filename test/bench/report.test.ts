import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Figure, figuresOf } from '../../bench/checker/check.ts';
import { formatBound, formatSpread, formatValue } from '../../bench/report/format.ts';
import { formattedPage } from '../../bench/report/formatted-page.ts';
import { performancePage } from '../../bench/report/page.ts';
import type { BenchResult } from '../../bench/report/result.ts';
import { keptResults } from '../../bench/report/results.ts';
import { runsTable } from '../../bench/report/runs-table.ts';
import { terminalTable } from '../../bench/report/table.ts';
import { burst } from '../../bench/scenarios/races.ts';
import type { Unit } from '../../bench/scenarios/scenario.ts';

const figures = figuresOf(burst, [
  { id: 'createdRatio', value: 0.784, samples: [0.75, 0.784, 0.9] },
  { id: 'runningRatio', value: 1.02, samples: [1.02] },
  { id: 'shareOfRaw', value: 0.71, samples: [0.71] },
  { id: 'eventLoopLagP99', value: 12.345, samples: [12.345] },
  { id: 'rawRate', value: 398.6, samples: [398.6] },
]);
const result: BenchResult = {
  date: '2026-11-24T01:02:03Z',
  seconds: 601,
  scale: 1,
  headframe: { version: '0.1.0', commit: 'abc123', modified: false },
  versions: { node: 'v20.1.0', kubernetes: 'v1.37.2', kwok: 'v0.8.0' },
  hardware: { cpu: 'Some CPU', cores: 2, memoryGiB: 24, loadBefore: 0.3 },
  scenarios: [{ name: 'burst', about: 'About it.', seconds: 100 }],
  figures,
};

describe('bench/report', () => {
  const values: { value: number | null; unit: Unit; text: string }[] = [
    { value: 0.784, unit: 'ratio', text: '0.78' },
    { value: 0.714, unit: 'share', text: '71 %' },
    { value: 3.2, unit: 's', text: '3.20 s' },
    { value: 1.234, unit: 'ms', text: '1.23 ms' },
    { value: 12.34, unit: 'ms', text: '12.3 ms' },
    { value: 1000, unit: 'ms', text: '1000 ms' },
    { value: 398.6, unit: 'pods/s', text: '399 pods/s' },
    { value: 141.4, unit: 'MiB', text: '141 MiB' },
    { value: 0, unit: 'per minute', text: '0 per minute' },
    { value: null, unit: 's', text: '–' },
  ];
  for (const { value, unit, text } of values) {
    it(`writes ${value} (${unit}) as ${text}`, () => {
      assert.equal(formatValue(value, unit), text);
    });
  }

  it('says which way a bound is meant, and how far samples lie apart', () => {
    const [created, , share] = figures as [Figure, Figure, Figure];
    assert.equal(formatBound(created, created.limit), 'at most 1.00');
    assert.equal(formatBound(share, share.aim), 'at least 70 %');
    assert.equal(formatBound(created, undefined), '');
    assert.equal(formatSpread(created), '0.75 to 0.90 (3)');
    assert.equal(formatSpread(share), '');
  });

  it('lines up the columns of the table', () => {
    const lines = terminalTable(figures).split('\n');
    assert.equal(lines.length, figures.length + 1);
    const at = lines[0]?.indexOf('value') ?? -1;
    assert.ok(lines.slice(1).every((line) => line[at - 1] === ' ' && line[at] !== ' '));
    assert.match(lines[2] ?? '', /1\.02 .* at most 0\.80 +at most 1\.00 +limit missed$/);
  });

  it('writes the page from the result: machine, versions, every figure, what is missed', () => {
    const page = performancePage([{ file: '2026-11-24.json', result }]);
    for (const text of [
      'bench/results/2026-11-24.json',
      '`abc123`',
      'v1.37.2',
      'v0.8.0',
      'v20.1.0',
      'Some CPU',
    ]) {
      assert.ok(page.includes(text), text);
    }
    assert.match(
      page,
      /\| time until all pods are created.*\| \*\*0\.78\*\* \| 0\.75 to 0\.90 \(3\) \|.*met \|/,
    );
    assert.match(
      page,
      /^- burst: time until all pods are Running.*\*\*1\.02\*\*, wanted at most 1\.00 \(limit missed\)$/m,
    );
    assert.doesNotMatch(page, /load average/);
  });

  it('says when the machine was busy or the counts were scaled down', () => {
    const busy = { ...result, scale: 0.1, hardware: { ...result.hardware, loadBefore: 7.5 } };
    const page = performancePage([{ file: 'x.json', result: busy }]);
    assert.match(page, /load average before the run was 7\.5/);
    assert.match(page, /multiplied by 0\.1: these are not the figures to quote/);
  });

  it('says so when nothing is missed', () => {
    const good = { ...result, figures: figures.filter(({ verdict }) => verdict === 'met') };
    assert.match(
      performancePage([{ file: 'x.json', result: good }]),
      /every aim and every limit below is met/,
    );
  });

  it('puts all runs beside each other, with how fast the machine was', () => {
    const former: BenchResult = {
      ...result,
      date: '2026-11-20T01:02:03Z',
      headframe: { ...result.headframe, commit: '0123456789ab' },
      figures: figuresOf(burst, [
        { id: 'createdRatio', value: 0.5, samples: [0.5] },
        { id: 'rawRate', value: 100, samples: [100] },
      ]).filter(({ id }) => id !== 'shareOfRaw'),
    };
    const table = runsTable([former, result]).split('\n');
    assert.equal(table[0], '| scenario | figure | 2026-11-20, 0123456 | 2026-11-24, abc123 |');
    assert.ok(
      table.includes('| burst | time until all pods are created, Headframe / ReplicaSet | 0.50 | 0.78 |'),
    );
    assert.ok(
      table.includes('| burst | time until all pods are Running, Headframe / ReplicaSet | – | 1.02 |'),
    );
    assert.ok(table.includes('| burst | bare POSTs | 100 pods/s | 399 pods/s |'));
    assert.ok(table.some((line) => /^\| burst \| pods created per second,.* \| {2}\| 71 % \|$/.test(line)));
    assert.ok(
      performancePage([
        { file: 'x.json', result: former },
        { file: 'y.json', result },
      ]).includes(table.join('\n')),
    );
  });

  it('needs a result', () => assert.throws(() => performancePage([]), /there is no result: npm run bench/));

  it('has written docs/performance.md from the results in bench/results (npm run bench:page)', async () => {
    const page = readFileSync(fileURLToPath(new URL('../../docs/performance.md', import.meta.url)), 'utf8');
    assert.equal(page, await formattedPage(performancePage(keptResults())));
  });

  it('keeps results of the shape that the page reads', () => {
    const kept = keptResults().at(-1)?.result;
    assert.ok(kept !== undefined);
    assert.deepEqual(Object.keys(kept).sort(), Object.keys(result).sort());
    for (const figure of kept.figures) {
      assert.ok(
        kept.scenarios.some(({ name }) => name === figure.scenario),
        figure.scenario,
      );
      assert.ok(figure.value === null || Number.isFinite(figure.value), figure.id);
    }
  });
});
