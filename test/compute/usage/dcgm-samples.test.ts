import assert from 'node:assert/strict';
import fc from 'fast-check';
import { samplesOfText } from '../../../src/compute/usage/dcgm-samples.ts';
import type { GpuSample } from '../../../src/compute/usage/gpu-sample.ts';
import { ReadingError, defaultReadingLimits } from '../../../src/compute/usage/reading.ts';
import { dcgmText } from '../../../src/devcluster/node-agent/dcgm.ts';
import { searches, searchTimeout } from '../../support/searches.ts';
import {
  AMD_BUSY_DIES,
  AMD_MI300X,
  DCGM_1,
  DCGM_2,
  DCGM_2026,
  DCGM_3,
  DCGM_MIG,
  DCGM_OLD_POD_LABELS,
} from './exporter-texts.ts';
import { pod, sample } from './samples-of.ts';

const PROF = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE';
const UTIL = 'DCGM_FI_DEV_GPU_UTIL';

describe('compute/usage/dcgm-samples', function () {
  this.timeout(searchTimeout(10_000));

  const texts: [what: string, text: string, samples: readonly GpuSample[]][] = [
    [
      'dcgm-exporter 1.x',
      DCGM_1,
      [sample({ gpu: 'GPU-1a000000-0000-4000-8000-000000000001', utilisation: 0.37, source: UTIL })],
    ],
    [
      'dcgm-exporter 2.x, with an idle GPU that is measured as 0',
      DCGM_2,
      [
        sample({ gpu: 'GPU-2a000000-0000-4000-8000-000000000001', utilisation: 0, source: UTIL }),
        sample({
          gpu: 'GPU-2a000000-0000-4000-8000-000000000002',
          utilisation: 0.98,
          source: UTIL,
          pod: pod('ml', 'miners-0'),
        }),
      ],
    ],
    [
      'the old pod labels',
      DCGM_OLD_POD_LABELS,
      [
        sample({
          gpu: 'GPU-2b000000-0000-4000-8000-000000000001',
          utilisation: 0.25,
          source: PROF,
          model: 'NVIDIA A100 80GB PCIe',
          pod: pod('lab', 'train-0'),
        }),
      ],
    ],
    [
      'dcgm-exporter 3.3: the profiled share rather than GPU_UTIL, and GPU_UTIL where there is no other',
      DCGM_3,
      [
        sample({
          gpu: 'GPU-3a000000-0000-4000-8000-000000000001',
          node: 'gpu-node-17',
          utilisation: 0.941273,
          source: PROF,
          model: 'NVIDIA H100 80GB HBM3',
          pod: pod('ml', 'miners-3'),
        }),
        sample({
          gpu: 'GPU-3a000000-0000-4000-8000-000000000002',
          node: 'gpu-node-17',
          utilisation: 0,
          source: UTIL,
          model: 'NVIDIA H100 80GB HBM3',
        }),
      ].map((each, index) => (index === 0 ? { ...each, xid: 79 } : each)),
    ],
    [
      'dcgm-exporter of 2026, a GPU in time slices: a sample for each slice',
      DCGM_2026,
      [
        ['shared-a', '0b9f5c62-8c1e-4a8e-9c5d-6f8f0c1d2e3f'],
        ['shared-a', '0b9f5c62-8c1e-4a8e-9c5d-6f8f0c1d2e3f'],
        ['shared-b', '5d1c8a40-52c7-4b59-8f5e-2b7a9d3e4f50'],
      ].map(([name = '', uid]) =>
        sample({
          gpu: 'GPU-4a000000-0000-4000-8000-000000000001',
          node: 't4-1',
          utilisation: 0.714,
          source: PROF,
          model: 'Tesla T4',
          pod: pod('default', name, uid),
        }),
      ),
    ],
    [
      'MIG: each instance by itself, never by GPU_UTIL; the whole GPU is not measured besides',
      DCGM_MIG,
      [
        sample({
          gpu: 'GPU-5a000000-0000-4000-8000-000000000001/1',
          node: 'mig-1',
          utilisation: 0.875,
          source: PROF,
          model: 'NVIDIA A100-SXM4-80GB',
          migProfile: '3g.40gb',
          pod: pod('ml', 'slice-0'),
        }),
        sample({
          gpu: 'GPU-5a000000-0000-4000-8000-000000000001/9',
          node: 'mig-1',
          model: 'NVIDIA A100-SXM4-80GB',
          migProfile: '1g.10gb',
          pod: pod('ml', 'slice-1'),
        }),
        sample({
          gpu: 'GPU-5a000000-0000-4000-8000-000000000001',
          node: 'mig-1',
          model: 'NVIDIA A100-SXM4-80GB',
          pod: pod('ml', 'slice-0'),
        }),
      ],
    ],
    [
      'MI300X: whole GPUs by gfx_activity, which says nothing of partitions',
      AMD_MI300X,
      [
        sample({
          gpu: '3dff74a1-0000-1000-80d3-000000000001',
          node: 'mi300-1',
          utilisation: 0.96,
          source: 'gpu_gfx_activity',
          model: 'AMD Instinct MI300X OAM',
          pod: pod('default', 'trainer-0'),
        }),
        sample({
          gpu: '3dff74a1-0000-1000-80d3-000000000002',
          node: 'mi300-1',
          utilisation: 0,
          source: 'gpu_gfx_activity',
          model: 'AMD Instinct MI300X OAM',
        }),
        sample({
          gpu: 'c3ff74a1-0000-0000-80ff-000000000003',
          node: 'mi300-1',
          model: 'AMD Instinct MI300X OAM',
          pod: pod('default', 'small-0'),
        }),
      ],
    ],
    [
      'MI300X: the mean of the compute dies of a partition that are known',
      AMD_BUSY_DIES,
      [
        sample({
          gpu: '692400000009/0',
          node: 'mi300-2',
          utilisation: 0.6000000000000001,
          source: 'gpu_gfx_busy_instantaneous',
          model: 'AMD Instinct MI300X OAM',
          pod: pod('default', 'half-0'),
        }),
      ],
    ],
    ['nothing', '', []],
    [
      'an exporter without GPUs',
      '# HELP go_goroutines g\n# TYPE go_goroutines gauge\ngo_goroutines 9\n# EOF\n',
      [],
    ],
  ];
  for (const [what, text, samples] of texts) {
    it(`reads ${what}`, () => {
      assert.deepEqual(samplesOfText(text), samples);
    });
  }

  it("reads what the demo's nodes export", () => {
    const text = dcgmText([
      {
        index: 0,
        uuid: 'GPU-1',
        modelName: 'NVIDIA H100 80GB HBM3',
        nodeName: 'demo-node-0',
        memoryMiB: 81_559,
        utilisation: 0.5,
        holder: { namespace: 'default', pod: 'miners-0', container: 'miner' },
      },
      {
        index: 1,
        uuid: 'GPU-2',
        modelName: 'odd "model"\\',
        nodeName: 'demo-node-0',
        memoryMiB: 1,
        utilisation: 0,
      },
    ]);
    assert.deepEqual(samplesOfText(text), [
      sample({
        gpu: 'GPU-1',
        node: 'demo-node-0',
        utilisation: 0.5,
        source: PROF,
        model: 'NVIDIA H100 80GB HBM3',
        pod: pod('default', 'miners-0'),
      }),
      sample({ gpu: 'GPU-2', node: 'demo-node-0', utilisation: 0, source: PROF, model: 'odd "model"\\' }),
    ]);
  });

  const labels: [what: string, labels: string, expected: Partial<GpuSample>][] = [
    [
      'renamed by Prometheus',
      'Hostname="n",container="exporter",exported_container="c",exported_namespace="ml",exported_pod="p",namespace="monitoring",pod="dcgm-exporter-x"',
      { node: 'n', pod: pod('ml', 'p') },
    ],
    ['a pod label without a namespace is the exporter’s', 'node="n",pod="exporter-vvvkm"', { node: 'n' }],
    [
      'only the namespace renamed',
      'exported_namespace="ml",namespace="monitoring",pod="p"',
      { pod: pod('ml', 'p') },
    ],
    ['empty is none', 'exported_pod="",pod="p",namespace="ml"', { pod: pod('ml', 'p') }],
  ];
  for (const [what, text, expected] of labels) {
    it(`finds pod and node: ${what}`, () => {
      assert.deepEqual(samplesOfText(`${PROF}{UUID="u",${text}} 1\n`), [
        sample({ gpu: 'u', utilisation: 1, source: PROF, ...expected }),
      ]);
    });
  }

  const values: [metric: string, value: string, utilisation: number | undefined][] = [
    [PROF, '0', 0],
    [PROF, '1', 1],
    [PROF, '1.000001', undefined],
    [PROF, '-0.1', undefined],
    [PROF, 'NaN', undefined],
    [PROF, '+Inf', undefined],
    [PROF, '-Inf', undefined],
    [PROF, '5e-1', 0.5],
    [PROF, '0.5 1700000000000', 0.5],
    [PROF, '140737488355328', undefined],
    [UTIL, '100', 1],
    [UTIL, '101', undefined],
    [UTIL, '4294967295', undefined],
    [UTIL, '2147483632', undefined],
    [UTIL, '9223372036854775794', undefined],
    ['gpu_gfx_activity', '65535', undefined],
  ];
  for (const [metric, value, utilisation] of values) {
    it(`${metric} ${value} is ${utilisation ?? 'missing'}`, () => {
      const [only] = samplesOfText(`${metric}{gpu="0"} ${value}\n`);

      assert.equal(only?.utilisation, utilisation);
      assert.equal(only?.source === undefined, utilisation === undefined);
    });
  }

  it('takes GPU_UTIL when the profiled share is not known', () => {
    const [only] = samplesOfText(`${PROF}{gpu="0"} NaN\n${UTIL}{gpu="0"} 40\n`);
    assert.deepEqual([only?.utilisation, only?.source], [0.4, UTIL]);
  });

  it('reads spaces, escapes, names in quotes, time stamps and exemplars as Prometheus does', () => {
    const text = `  ${PROF} { UUID = "a\\\\b\\"c\\nd\\q" , } 0.5 17 # {trace="x"} 1\r\n{"${PROF}",UUID="u"} 1\n{"my.metric",x="1"} 2\n`;
    assert.deepEqual(
      samplesOfText(text).map(({ gpu, utilisation }) => [gpu, utilisation]),
      [
        ['a\\b"c\nd\\q', 0.5],
        ['u', 1],
      ],
    );
  });

  const garbage: [what: string, text: string, message: RegExp][] = [
    [
      'a web page',
      '<!DOCTYPE html>\n<html><body>404</body></html>',
      /^line 1, character 1: expected the name of a metric/,
    ],
    ['JSON', '{"error":"no such path"}', /^line 1, character 9: expected ',' or '}'/],
    ['prose', '# HELP x y\npage not found\n', /^line 2, character 5: expected '{' or a number/],
    ['bytes', '\u0000\ufffd\ufffd\u0001', /^line 1, character 1: /],
    ['a name alone', `${PROF}\n`, /expected a number/],
    ['no number', `${PROF}{gpu="0"} ERROR - FAILED TO CONVERT TO STRING\n`, /expected a number/],
    ['open braces', `${PROF}{gpu="0"`, /expected ',' or '}'/],
    ['an open quote', `${PROF}{gpu="0\\"} 1`, /expected a closing quote/],
    ['no quotes', `${PROF}{gpu=0} 1`, /expected a value in double quotes/],
    ['quotes that the exporter forgot to escape', `${PROF}{gpu="0",x="a"b"} 1`, /expected ',' or '}'/],
    ['two names', `${PROF}{"x",gpu="0"} 1`, /expected '='/],
    ['no label', `${PROF}{,} 1`, /expected the name of a label/],
  ];
  for (const [what, text, message] of garbage) {
    it(`refuses ${what}, saying where`, () => {
      assert.throws(() => samplesOfText(text), { name: 'ReadingError', kind: 'Malformed', message });
    });
  }

  const tooLarge: [
    what: string,
    text: string,
    limits: Partial<typeof defaultReadingLimits>,
    message: RegExp,
  ][] = [
    ['characters', '#'.repeat(101), { maxCharacters: 100 }, /longer than 100 characters/],
    ['lines', '\n'.repeat(101), { maxLines: 100 }, /more than 100 lines/],
    [
      'GPUs',
      Array.from({ length: 11 }, (_, gpu) => `${PROF}{gpu="${gpu}"} 1\n`).join(''),
      { maxSamples: 10 },
      /more than 10 GPUs/,
    ],
  ];
  for (const [what, text, limits, message] of tooLarge) {
    it(`refuses too many ${what}`, () => {
      assert.throws(() => samplesOfText(text, { ...defaultReadingLimits, ...limits }), {
        name: 'ReadingError',
        kind: 'TooLarge',
        message,
      });
    });
  }

  it('reads a line of millions of escapes', () => {
    const [only] = samplesOfText(`${PROF}{gpu="0",x="${'\\"'.repeat(1_000_000)}"} 1\n`);
    assert.equal(only?.utilisation, 1);
  });

  it('any text: samples within their range, or ReadingError', () => {
    const fragment = fc.oneof(
      fc.constantFrom(
        PROF,
        UTIL,
        'gpu_gfx_activity',
        '{',
        '}',
        '"',
        '\\',
        '=',
        ',',
        ' ',
        '\n',
        '#',
        '__proto__',
      ),
      fc.constantFrom(
        'gpu="0"',
        'UUID="u"',
        'GPU_I_ID="1"',
        'pod="p"',
        'namespace="n"',
        '} 1',
        '} NaN\n',
        '} 1e999\n',
      ),
      fc.string({ maxLength: 12, unit: 'binary' }),
      fc.double().map(String),
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 30 }), (fragments) => {
        try {
          for (const { utilisation, gpu } of samplesOfText(fragments.join(''))) {
            assert.ok(utilisation === undefined || (utilisation >= 0 && utilisation <= 1));
            assert.notEqual(gpu, '');
          }
        } catch (error) {
          assert.ok(error instanceof ReadingError, String(error));
          assert.ok(error.message.length < 200);
        }
      }),
      { numRuns: searches(375) },
    );
  });

  it('cut anywhere, changed anywhere: the same', () => {
    const text = fc.constantFrom(DCGM_3, DCGM_MIG, AMD_MI300X, AMD_BUSY_DIES);
    fc.assert(
      fc.property(
        text,
        fc.nat(),
        fc.nat(),
        fc.string({ maxLength: 3, unit: 'binary' }),
        (whole, from, length, put) => {
          const at = from % whole.length;
          try {
            samplesOfText(whole.slice(0, at) + put + whole.slice(at + (length % 20)));
          } catch (error) {
            assert.ok(error instanceof ReadingError, String(error));
          }
        },
      ),
      { numRuns: searches(125) },
    );
  });
});
