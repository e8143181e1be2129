import assert from 'node:assert/strict';
import { type ExecFileOptions, execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findCondition } from '../../src/api/conditions.ts';
import { ComputeClusters } from '../../src/api/compute-cluster.ts';
import type { PlacementReport } from '../../src/commands/explain-placement/report.ts';
import { removeCrds } from '../../src/commands/demo/install-crds.ts';
import { kubernetesTools } from '../support/kubernetes-tools.ts';
import { BUNDLE, type Finished, runProgram } from '../support/operator.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';
import { type FleetOnTrial, fleetOnTrial, v100Node } from './support/fleet-on-trial.ts';

/** Runs a shell script; the API server is in this process, so nothing may wait for it here. */
function runScript(
  script: string,
  options: ExecFileOptions,
): Promise<{ readonly code: number; readonly stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      'sh',
      ['-ec', script],
      { ...options, encoding: 'utf8' },
      (_error, _stdout, stderr) => resolve({ code: child.exitCode ?? -1, stderr }),
    );
  });
}

/** Runs `headframe explain-placement`. */
function explain(...args: readonly string[]): Promise<Finished> {
  return runProgram(['explain-placement', ...args]).finished;
}

describe(`explain-placement, on ${clusterKind} API servers`, function () {
  this.timeout(180_000);
  let fleet: FleetOnTrial;
  let flags: readonly string[];
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headframe-explain-'));
    fleet = await fleetOnTrial({
      local: [],
      campus: [v100Node('campus-a', 2)],
      rented: [v100Node('rented-a', 8)],
    });
    await fleet.join('campus', { pricing: { perV100EquivalentHour: '0.40', models: [] } });
    await fleet.join('rented', { pricing: { perV100EquivalentHour: '3.00', models: [] } });
    flags = ['--namespace', 'default', '--kubeconfig', fleet.home.kubeconfig];
    await fleet.applyPool('p', { replicas: 3, placement: { maxPricePerGpuHour: '2.50' } });
    await untilPasses(async () => {
      const { status } = await fleet.pool('p');
      assert.equal(findCondition(status?.conditions, 'Ready')?.reason, 'NoPlace');
      assert.equal(status?.placement?.places[0]?.ready, 2);
      // The inventory has a controller, and a pace, of its own.
      const campus = await fleet.home.client.get(ComputeClusters, { name: 'campus' });
      assert.equal(campus.status?.gpus[0]?.freeForGuests, 0);
    }, 30_000);
  });
  after(async () => {
    await fleet.stop();
    await rm(folder, { recursive: true });
  });

  it('says where the replicas are, and why there are no more', async () => {
    const { code, stdout, stderr } = await explain('p', ...flags);

    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, '  '));
    assert.deepEqual(lines.slice(0, 5), [
      'default/p is not Ready (NoPlace): no place for 1 of 3 replicas with 1 x any NVIDIA GPU; 0/2 clusters: 1 has no free GPU, 1 price above cap 2.50 USD',
      '',
      'CLUSTER  MODEL  FREE FOR GUESTS  USD/GPU-HOUR  USD/V100E-HOUR  READY  TAKES NO MORE BECAUSE',
      'campus  v100-sxm2-32gb  0  0.4  0.4  2/2  has no free GPU',
      'rented  v100-sxm2-32gb  8  3  3  -  price above cap 2.50 USD',
    ]);
  });

  it('says the same to programs', async () => {
    const { code, stdout } = await explain('p', '-o', 'json', ...flags);
    const report = JSON.parse(stdout) as PlacementReport;

    assert.equal(code, 0);
    assert.equal(report.ready?.reason, 'NoPlace');
    assert.deepEqual(
      report.rows.map(({ cluster, replicas, ready }) => [cluster, replicas, ready]),
      [
        ['campus', 2, 2],
        ['rented', 0, 0],
      ],
    );
  });

  const mistakes: { name: string; args: () => readonly string[]; message: RegExp }[] = [
    {
      name: 'there is no such pool',
      args: () => ['q', ...flags],
      message: /^headframe: there is no MinerPool 'q' in namespace 'default'; [^\n]*\n$/,
    },
    {
      name: 'the output is none',
      args: () => ['p', '-o', 'yaml', ...flags],
      message:
        /^error: option '-o, --output <format>' argument 'yaml' is invalid\. Allowed choices are json\.\n$/,
    },
    {
      name: 'there is no such kubeconfig',
      args: () => ['p', '--kubeconfig', '/nowhere'],
      message: /^headframe: [^\n]*\/nowhere[^\n]*\n$/,
    },
  ];
  for (const { name, args, message } of mistakes) {
    it(`ends with 2 and one message when ${name}`, async () => {
      const { code, stdout, stderr } = await explain(...args());

      assert.match(stderr, message);
      assert.deepEqual([code, stdout], [2, '']);
    });
  }

  it('ends with 2 and one message when the server is away', async () => {
    const { proxy } = fleet.members.get('campus') ?? assert.fail();
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, proxy.kubeconfig);
    await proxy.refuse();
    const { code, stderr } = await explain('p', '--kubeconfig', kubeconfig);
    await proxy.heal();

    assert.equal(code, 2);
    assert.match(stderr, /^headframe: cannot use [^\n]*\n$/);
  });

  it('is what docs/guides/placement.md says: every command there runs, in its order', async () => {
    const page = await readFile(new URL('../../docs/guides/placement.md', import.meta.url), 'utf8');
    const blocks = (language: string): string[] =>
      [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text);
    const { kubectl } = await kubernetesTools();
    await symlink(kubectl, join(folder, 'kubectl'));
    await writeFile(join(folder, 'headframe'), `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`, {
      mode: 0o755,
    });
    await writeFile(join(folder, 'miners.yaml'), blocks('yaml').join('---\n'));
    const path = [folder, process.env['PATH']].join(delimiter);
    const env = { ...process.env, PATH: path, KUBECONFIG: fleet.home.kubeconfig };
    for (const block of blocks('sh')) {
      const { code, stderr } = await runScript(block, { env, cwd: folder });
      assert.equal(code, 0, `${block}: ${stderr}`);
    }

    await untilPasses(async () => {
      const { spec, status } = await fleet.pool('miners');
      assert.equal(spec.placement?.maxPricePerGpuHour, '2.50');
      assert.equal(status?.placement?.refusals.length, 1);
    });
  });

  it('ends with 2 and one message when the CustomResourceDefinitions are missing', async () => {
    await removeCrds(fleet.home.client);
    const missing =
      /^headframe: the CustomResourceDefinitions are missing: headframe crds \| kubectl apply -f -\n$/;
    await untilPasses(async () => {
      const { code, stderr } = await explain('p', ...flags);
      assert.match(stderr, missing);
      assert.equal(code, 2);
    }, 30_000);
  });
});
