import assert from 'node:assert/strict';
import { dcgmText, type GpuSample } from '../../../src/devcluster/node-agent/dcgm.ts';

interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

/** Reads Prometheus text format 0.0.4 and refuses everything that it does not allow. */
function parseStrictly(text: string): Sample[] {
  assert.ok(text.endsWith('\n'), 'the last line must end');
  const typed = new Set<string>();
  return text
    .slice(0, -1)
    .split('\n')
    .flatMap((line) => {
      const type = /^# TYPE ([a-zA-Z_:][\w:]*) (gauge|counter)$/.exec(line);
      if (type !== null) {
        assert.ok(!typed.has(type[1]!), `${type[1]!} has two TYPE lines`);
        typed.add(type[1]!);
        return [];
      }
      if (/^# HELP [a-zA-Z_:][\w:]* [^\n]*$/.test(line)) {
        return [];
      }
      const match = /^([a-zA-Z_:][\w:]*)\{(.*)\} (-?[0-9.]+)$/.exec(line);
      assert.ok(match, `not a sample: ${line}`);
      assert.ok(typed.has(match[1]!), `${match[1]!} comes before its TYPE`);
      return [{ name: match[1]!, labels: parseLabels(match[2]!), value: Number(match[3]) }];
    });
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const match = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/.exec(rest);
    assert.ok(match, `not a label: ${rest}`);
    assert.ok(!Object.hasOwn(labels, match[1]!), `${match[1]!} twice`);
    labels[match[1]!] = match[2]!.replace(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    );
    rest = rest.slice(match[0].length);
  }
  return labels;
}

const gpu: GpuSample = {
  index: 3,
  uuid: 'GPU-1',
  modelName: 'NVIDIA H100',
  nodeName: 'rack-a',
  memoryMiB: 80_000,
  utilisation: 0,
};
const holder = { namespace: 'mines', pod: 'miner-0', container: 'miner' };

function values(sample: GpuSample): Record<string, number> {
  return Object.fromEntries(parseStrictly(dcgmText([sample])).map(({ name, value }) => [name, value]));
}

describe('dcgmText', () => {
  it('gives the exporter its fields, in its units', () => {
    assert.deepEqual(values({ ...gpu, holder, utilisation: 0.42344 }), {
      DCGM_FI_DEV_GPU_TEMP: 50,
      DCGM_FI_DEV_POWER_USAGE: 337,
      DCGM_FI_DEV_GPU_UTIL: 42,
      DCGM_FI_DEV_FB_FREE: 32_000,
      DCGM_FI_DEV_FB_USED: 48_000,
      DCGM_FI_PROF_GR_ENGINE_ACTIVE: 0.4234,
    });
  });

  it('says zero of an idle GPU, and that its memory is free', () => {
    const idle = values(gpu);

    assert.equal(idle['DCGM_FI_DEV_GPU_UTIL'], 0);
    assert.equal(idle['DCGM_FI_PROF_GR_ENGINE_ACTIVE'], 0);
    assert.equal(idle['DCGM_FI_DEV_FB_FREE'], 80_000);
  });

  it('names the GPU and who has it, in labels that survive every character', () => {
    const [sample] = parseStrictly(dcgmText([{ ...gpu, modelName: 'odd "name"\\\n', holder }]));

    assert.deepEqual(sample?.labels, {
      gpu: '3',
      UUID: 'GPU-1',
      device: 'nvidia3',
      modelName: 'odd "name"\\\n',
      Hostname: 'rack-a',
      hostname: 'rack-a',
      namespace: 'mines',
      pod: 'miner-0',
      container: 'miner',
    });
  });

  it('leaves the pod out where nobody has the GPU', () => {
    const [sample] = parseStrictly(dcgmText([gpu]));

    assert.ok(!('pod' in (sample?.labels ?? {})));
  });

  it('groups the samples of all GPUs under one TYPE each', () => {
    assert.equal(parseStrictly(dcgmText([gpu, { ...gpu, index: 4, uuid: 'GPU-2' }])).length, 12);
  });
});
