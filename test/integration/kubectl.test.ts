import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { crdYaml } from '../../src/api/crds.ts';
import type { ComputeClusterStatus } from '../../src/api/compute-cluster-status.ts';
import type { MinerPool, MinerPoolStatus } from '../../src/api/miner-pool.ts';
import { goodPool } from '../support/good-pool.ts';
import type { Kubectl } from '../support/kubectl.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { untilPasses } from '../support/until-passes.ts';

const samples = fileURLToPath(new URL('../../manifests/samples/', import.meta.url));

describe(`kubectl on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let kubectl: Kubectl;

  before(async function () {
    // The first run on a machine builds the control plane.
    this.timeout(30 * 60_000);
    cluster = await startTestCluster({ nodes: [] });
    kubectl = cluster.kubectl;
    // A CRD is Established before its schema is in the OpenAPI documents, which kubectl reads.
    await untilPasses(() => good(['explain', 'minerpool.spec.template']));
  });

  after(() => cluster.stop());

  /** Runs a kubectl that must succeed: what it printed. */
  async function good(args: readonly string[], input?: string | object): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args, input);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  it('takes the CRDs again without a change', async () => {
    await good(['apply', '--server-side', '--field-manager=headframe', '-f', '-'], crdYaml());
    const before = await good(['get', 'crd', '-o', 'jsonpath={.items[*].metadata.resourceVersion}']);
    await good(['apply', '--server-side', '--field-manager=headframe', '-f', '-'], crdYaml());
    assert.equal(await good(['get', 'crd', '-o', 'jsonpath={.items[*].metadata.resourceVersion}']), before);
  });

  it('finds nothing wrong with the schemas', async () => {
    const list = JSON.parse(await good(['get', 'crd', '-o', 'json'])) as {
      items: { status: { conditions: { type: string; status: string; message: string }[] } }[];
    };
    const conditions = list.items.flatMap(({ status }) => status.conditions);
    assert.deepEqual(
      conditions.filter(({ type }) => type === 'NonStructuralSchema' || type === 'Terminating'),
      [],
    );
    assert.ok(conditions.every(({ status }) => status === 'True'));
  });

  it('takes every sample, and writes nothing when it is applied again', async () => {
    await good(['apply', '-f', samples]);
    const before = await versions();
    await good(['apply', '-f', samples]);
    assert.deepEqual(await versions(), before);
    await good(['delete', '-f', samples]);
  });

  /** The resource versions of all our objects: the same again when nothing was written. */
  async function versions(): Promise<string[]> {
    const output = await good([
      'get',
      'headframe',
      '-A',
      '-o',
      'jsonpath={range .items[*]}{.metadata.name}={.metadata.resourceVersion} {end}',
    ]);
    const found = output.trim().split(' ');
    assert.equal(found.length, 9);
    return found;
  }

  for (const [what, changes, says] of [
    ['unknown', { 'spec.replica': 3 }, /unknown field "spec\.replica"/],
    [
      'not allowed',
      { 'spec.template.spec.nodeName': 'node-1' },
      /may not be set: the scheduler chooses the node/,
    ],
  ] as const) {
    it(`says of a field that it is ${what}`, async () => {
      const { code, stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], goodPool(changes));
      assert.equal(code, 1);
      assert.match(stderr, says);
    });
  }

  it('explains the fields, those of the template too', async () => {
    for (const [field, says] of [
      ['minerpool', /MinerPool runs N identical GPU miners/],
      ['mp.spec.gpus', /minMemory[\s\S]*least memory of one GPU/],
      ['minerpool.spec.template.spec', /containers[\s\S]*-required-[\s\S]*List of containers/],
      ['minerpool.spec.template.spec.containers.readinessProbe', /periodSeconds/],
      ['cc.status.totals', /v100Equivalents/],
    ] as const) {
      assert.match(await good(['explain', field]), says);
    }
  });

  describe('an object', () => {
    beforeEach(async () => {
      await good(
        ['apply', '-f', '-'],
        goodPool({ 'spec.replicas': 3, 'spec.updateStrategy': { type: 'RollingUpdate' } }),
      );
    });

    afterEach(async () => {
      await good(['delete', 'minerpool', 'pool']);
    });

    it('comes back with every default', async () => {
      const stored = JSON.parse(await good(['get', 'mp', 'pool', '-o', 'json'])) as MinerPool;
      assert.deepEqual(stored.spec, {
        replicas: 3,
        gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: [] },
        template: { spec: { containers: [{ name: 'miner', image: 'miner:1' }] } },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: 1, maxSurge: 0, partition: 0 },
        },
        suspend: false,
        idle: { belowPercent: 5, forSeconds: 1800 },
        nodeLostGraceSeconds: 60,
        minReadySeconds: 0,
        priority: 0,
        revisionHistoryLimit: 10,
      } satisfies MinerPool['spec']);
    });

    it('shows its state in columns, once it has one', async () => {
      await writeStatus('mp/pool', { ...poolStatus, conditions: [ready('True', 'AllReplicasReady')] });
      const [header = '', row = ''] = (await good(['get', 'minerpools'])).split('\n');
      assert.deepEqual(header.split(/\s+/).filter(Boolean), [
        'NAME',
        'READY',
        'REPLICAS',
        'READYREPLICAS',
        'GPUS',
        'REASON',
        'AGE',
      ]);
      assert.deepEqual(row.split(/\s+/).slice(0, 6), ['pool', 'True', '3', '2', '3', 'AllReplicasReady']);
      assert.match(
        await good(['get', 'headframe', '-o', 'wide']),
        /SELECTOR[\s\S]*headframe\.dev\/pool=pool/,
      );
      await good(['wait', '--for=condition=Ready', 'mp/pool', '--timeout=10s']);
    });

    it('fills in the counts of a status that lacks them', async () => {
      await writeStatus('mp/pool', { observedGeneration: 1 });
      const { status } = JSON.parse(await good(['get', 'mp', 'pool', '-o', 'json'])) as MinerPool;
      assert.deepEqual(status, {
        replicas: 0,
        readyReplicas: 0,
        availableReplicas: 0,
        updatedReplicas: 0,
        gpus: { desired: 0, allocated: 0, ready: 0 },
        observedGeneration: 1,
        conditions: [],
      } satisfies MinerPoolStatus);
    });

    it('keeps its status when its spec is written, and the other way round', async () => {
      await writeStatus('mp/pool', poolStatus);
      await good(['apply', '-f', '-'], { ...goodPool({ 'spec.replicas': 5 }), status: { replicas: 99 } });
      await good([
        'patch',
        'mp/pool',
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"spec":{"replicas":7}}',
      ]);
      const { spec, status } = JSON.parse(await good(['get', 'mp', 'pool', '-o', 'json'])) as MinerPool;
      assert.equal(spec.replicas, 5);
      assert.equal(status?.replicas, 3);
    });

    it('scales by its scale subresource, which carries the selector', async () => {
      await writeStatus('mp/pool', poolStatus);
      await good(['scale', 'minerpool/pool', '--replicas=8']);
      const path = '/apis/headframe.dev/v1alpha1/namespaces/default/minerpools/pool/scale';
      const scale = JSON.parse(await good(['get', '--raw', path])) as { spec: object; status: object };
      assert.deepEqual(scale.spec, { replicas: 8 });
      assert.deepEqual(scale.status, { replicas: 3, selector: 'headframe.dev/pool=pool' });
    });

    it('cannot be scaled below nothing', async () => {
      const { code, stderr } = await kubectl([
        'patch',
        'mp/pool',
        '--subresource=scale',
        '--type=merge',
        '-p',
        '{"spec":{"replicas":-1}}',
      ]);
      assert.equal(code, 1);
      assert.match(stderr, /spec\.replicas.*greater than or equal to 0/);
    });

    for (const [what, status, says] of [
      [
        'a negative count',
        { replicas: -1 },
        /status\.replicas: Invalid value: -1: .*should be greater than or equal to 0/,
      ],
      [
        'a condition without a reason',
        { conditions: [{ ...ready('True', 'X'), reason: '' }] },
        /reason in body should be at least 1 chars/,
      ],
      [
        'a condition twice',
        { conditions: [ready('True', 'X'), ready('False', 'X')] },
        /conditions\[1\]: Duplicate value/,
      ],
      ['an unknown condition status', { conditions: [ready('Maybe', 'X')] }, /Unsupported value: "Maybe"/],
    ] as const) {
      it(`takes no status with ${what}`, async () => {
        const { code, stderr } = await kubectl([
          'patch',
          'mp/pool',
          '--subresource=status',
          '--type=merge',
          '-p',
          JSON.stringify({ status }),
        ]);
        assert.equal(code, 1);
        assert.match(stderr, says);
      });
    }
  });

  it('shows a cluster’s inventory in columns, and refuses floats in it', async () => {
    await good(['apply', '-f', `${samples}compute-cluster.yaml`]);
    await writeStatus('cc/local', {
      nodes: { total: 3, ready: 3 },
      gpus: [],
      totals: {
        allocatable: 24,
        allocated: 4,
        guests: 1,
        leased: 0,
        free: 20,
        reserved: 2,
        freeForGuests: 18,
        petaflops: '23.7',
        v100Equivalents: '189.9',
      },
      conditions: [
        ready('True', 'InventoryKnown'),
        { ...ready('False', 'OutsideSchedule'), type: 'OpenToGuests' },
      ],
    } satisfies Partial<ComputeClusterStatus>);
    const [header = '', row = ''] = (await good(['get', 'cc'])).split('\n');
    assert.deepEqual(header.split(/\s+/).filter(Boolean), [
      'NAME',
      'READY',
      'NODES',
      'GPUS',
      'FREE',
      'OPEN',
      'PFLOPS',
      'V100E',
      'AGE',
    ]);
    assert.deepEqual(row.split(/\s+/).slice(0, 8), [
      'local',
      'True',
      '3',
      '24',
      '20',
      'False',
      '23.7',
      '189.9',
    ]);
    const { stderr } = await kubectl([
      'patch',
      'cc/local',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"totals":{"petaflops":23.7}}}',
    ]);
    assert.match(stderr, /petaflops in body must be of type string/);
    await good(['delete', 'cc', 'local']);
  });

  const poolStatus: MinerPoolStatus = {
    replicas: 3,
    readyReplicas: 2,
    availableReplicas: 2,
    updatedReplicas: 3,
    selector: 'headframe.dev/pool=pool',
    gpus: { desired: 3, allocated: 3, ready: 2 },
    observedGeneration: 1,
    conditions: [],
  };

  async function writeStatus(object: string, status: object): Promise<void> {
    await good(['patch', object, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
  }
});

function ready<Status extends string>(status: Status, reason: string) {
  return { type: 'Ready', status, reason, message: '', lastTransitionTime: '2026-11-20T12:00:00Z' };
}
