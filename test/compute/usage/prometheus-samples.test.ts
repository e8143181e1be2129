import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gpuQuery, samplesOfQuery } from '../../../src/compute/usage/prometheus-samples.ts';
import { ReadingError, defaultReadingLimits } from '../../../src/compute/usage/reading.ts';
import { searches, searchTimeout } from '../../support/searches.ts';
import { pod, sample } from './samples-of.ts';

const PROF = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE';

function answer(result: readonly unknown[], resultType = 'vector'): string {
  return JSON.stringify({ status: 'success', data: { resultType, result } });
}

function series(metric: Record<string, string>, value: unknown = [1_770_000_000.123, '0.5']): unknown {
  return { metric, value };
}

describe('compute/usage/prometheus-samples', function () {
  this.timeout(searchTimeout(10_000));

  it('reads what Prometheus has of exporters, under the names that it gave their labels', () => {
    const scraped = { container: 'exporter', endpoint: 'metrics', instance: '10.0.0.7:9400', job: 'dcgm' };
    const text = answer([
      series({
        ...scraped,
        __name__: PROF,
        Hostname: 'gpu-1',
        UUID: 'GPU-1',
        gpu: '0',
        modelName: 'NVIDIA H100 80GB HBM3',
        namespace: 'monitoring',
        pod: 'dcgm-exporter-78z52',
        exported_namespace: 'ml',
        exported_pod: 'miners-0',
      }),
      series({ ...scraped, __name__: 'DCGM_FI_DEV_GPU_UTIL', UUID: 'GPU-2', Hostname: 'gpu-1' }, [1, '25']),
      series({ ...scraped, __name__: 'DCGM_FI_DEV_XID_ERRORS', UUID: 'GPU-2', Hostname: 'gpu-1' }, [1, '31']),
      series({ __name__: 'amd_gpu_gfx_activity', gpu_uuid: 'amd-1', hostname: 'mi300-1' }, [1, '12']),
      series({ __name__: 'up', job: 'dcgm' }, [1, '1']),
    ]);

    assert.deepEqual(samplesOfQuery(text), [
      sample({
        gpu: 'GPU-1',
        node: 'gpu-1',
        utilisation: 0.5,
        source: PROF,
        model: 'NVIDIA H100 80GB HBM3',
        pod: pod('ml', 'miners-0'),
      }),
      sample({ gpu: 'GPU-2', node: 'gpu-1', utilisation: 0.25, source: 'DCGM_FI_DEV_GPU_UTIL', xid: 31 }),
      sample({ gpu: 'amd-1', node: 'mi300-1', utilisation: 0.12, source: 'gpu_gfx_activity' }),
    ]);
  });

  it('reads a query’s own aggregation when it is told the metric, and passes over it otherwise', () => {
    const text = answer([series({ namespace: 'ml', pod: 'miners-0', gpu: '0' })]);

    assert.deepEqual(samplesOfQuery(text), []);
    assert.deepEqual(samplesOfQuery(text, { metric: PROF }), [
      sample({ gpu: '0', utilisation: 0.5, source: PROF, pod: pod('ml', 'miners-0') }),
    ]);
  });

  for (const value of [[1, 'NaN'], [1, '+Inf'], [1, ''], [1, ' '], [1, 0.5], [1], 'x', undefined, null]) {
    it(`a value of ${JSON.stringify(value)} is missing`, () => {
      const [only] = samplesOfQuery(answer([{ metric: { __name__: PROF, UUID: 'u' }, value }]));
      assert.deepEqual(only, sample({ gpu: 'u' }));
    });
  }

  it('an empty answer has no samples', () => {
    assert.deepEqual(samplesOfQuery(answer([])), []);
  });

  const refused: [what: string, text: string, kind: string, message: RegExp][] = [
    [
      'an error',
      JSON.stringify({ status: 'error', errorType: 'bad_data', error: '1:3: parse error: unexpected end' }),
      'QueryFailed',
      /^Prometheus refused the query: 1:3: parse error/,
    ],
    ['an error without words', '{"status":"error"}', 'QueryFailed', /without saying why/],
    ['a page', '<html>', 'Malformed', /not JSON/],
    ['a list', '[]', 'Malformed', /no object/],
    ['a scalar', answer([], 'scalar'), 'Malformed', /'vector'/],
    ['a range', answer([], 'matrix'), 'Malformed', /'vector'/],
    ['no data', '{"status":"success"}', 'Malformed', /'vector'/],
    ['a result that is no list', '{"data":{"resultType":"vector","result":{}}}', 'Malformed', /'vector'/],
    ['a series that is none', answer([null]), 'Malformed', /no labels/],
    ['labels that are none', answer([{ metric: { UUID: 1 }, value: [1, '1'] }]), 'Malformed', /no labels/],
    ['deep nesting', '['.repeat(200_000), 'Malformed', /not JSON/],
  ];
  for (const [what, text, kind, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => samplesOfQuery(text), { name: 'ReadingError', kind, message });
    });
  }

  it('refuses more than it may hold', () => {
    const text = answer([series({ __name__: PROF, UUID: 'a' }), series({ __name__: PROF, UUID: 'b' })]);
    for (const limits of [{ maxCharacters: 10 }, { maxSamples: 1 }]) {
      assert.throws(() => samplesOfQuery(text, { limits: { ...defaultReadingLimits, ...limits } }), {
        kind: 'TooLarge',
      });
    }
  });

  it('asks for values no older than it is told', () => {
    assert.equal(
      gpuQuery(60),
      'last_over_time({__name__=~"DCGM_FI_PROF_GR_ENGINE_ACTIVE|DCGM_FI_DEV_GPU_UTIL|DCGM_FI_DEV_XID_ERRORS|(.+_)?gpu_gfx_(activity|busy_instantaneous)"}[60s])',
    );
  });

  it('any JSON: samples within their range, or ReadingError', () => {
    const element = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.record({
        metric: fc.dictionary(
          fc.constantFrom('__name__', 'UUID', 'pod', 'namespace', '__proto__'),
          fc.string(),
        ),
        value: fc.tuple(fc.double(), fc.oneof(fc.string(), fc.double().map(String))),
      }),
      fc.double().map((value) => series({ __name__: PROF, UUID: 'u' }, [1, String(value)])),
    );
    fc.assert(
      fc.property(fc.array(element), (elements) => {
        try {
          for (const { utilisation } of samplesOfQuery(answer(elements))) {
            assert.ok(utilisation === undefined || (utilisation >= 0 && utilisation <= 1));
          }
        } catch (error) {
          assert.ok(error instanceof ReadingError, String(error));
        }
      }),
      { numRuns: searches(125) },
    );
  });
});
