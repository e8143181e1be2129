import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { crdYaml } from '../../src/api/crds.ts';
import type { ComputeClusterStatus } from '../../src/api/compute-cluster-status.ts';
import type { MinerPool, MinerPoolStatus } from '../../src/api/miner-pool.ts';
import { goodPool } from '../support/good-pool.ts';
import type { Kubectl } from '../support/kubectl.ts';
import { clusterKind, startTestCluster, type TestCluster } from '../support/test-cluster.ts';

const samples = fileURLToPath(new URL('../../manifests/samples/', import.meta.url));

const container = 'spec.template.spec.containers.0';

/** What users get wrong, and what the API server must say about it. */
const refused: readonly { what: string; changes: Record<string, unknown>; says: RegExp }[] = [
  { what: 'an unknown field', changes: { 'spec.replica': 3 }, says: /unknown field "spec\.replica"/ },
  {
    what: 'a typo deep in the template',
    changes: { [`${container}.imag`]: 'x' },
    says: /unknown field "spec\.template\.spec\.containers\[0\]\.imag"/,
  },
  {
    what: 'a name in the template',
    changes: { 'spec.template.metadata.name': 'x' },
    says: /unknown field "spec\.template\.metadata\.name"/,
  },
  { what: 'no spec', changes: { spec: {} }, says: /spec\.template: Required value/ },
  {
    what: 'a template without a spec',
    changes: { 'spec.template': {} },
    says: /spec\.template\.spec: Required value/,
  },
  {
    what: 'a template without containers',
    changes: { 'spec.template.spec.containers': [] },
    says: /spec\.template\.spec\.containers in body should have at least 1 items/,
  },
  {
    what: 'two containers of one name',
    changes: { 'spec.template.spec.containers': [{ name: 'a' }, { name: 'a' }] },
    says: /spec\.template\.spec\.containers\[1\]: Duplicate value/,
  },
  {
    what: 'a port without a number',
    changes: { [`${container}.ports`]: [{ name: 'a' }] },
    says: /ports\[0\]\.containerPort: Required value/,
  },
  {
    what: 'an image that is a number',
    changes: { [`${container}.image`]: 5 },
    says: /containers\[0\]\.image in body must be of type string/,
  },
  {
    what: 'a malformed quantity in the template',
    changes: { [`${container}.resources`]: { limits: { cpu: '1x' } } },
    says: /containers\[0\]\.resources\.limits\.cpu: Invalid value: "1x"/,
  },
  {
    what: 'a misspelt restart policy',
    changes: { 'spec.template.spec.restartPolicy': 'Alwayz' },
    says: /restartPolicy: Unsupported value: "Alwayz": supported values: "Always", "Never", "OnFailure"/,
  },
  {
    what: 'a node name',
    changes: { 'spec.template.spec.nodeName': 'node-1' },
    says: /spec\.template\.spec\.nodeName: Invalid value: may not be set: the scheduler chooses the node/,
  },
  {
    what: 'GPUs in a container',
    changes: { [`${container}.resources`]: { limits: { 'nvidia.com/gpu': 1 } } },
    says: /spec\.template\.spec\.containers: Invalid value: may not ask for .*: set spec\.gpus instead/,
  },
  {
    what: 'GPUs in an init container',
    changes: {
      'spec.template.spec.initContainers': [{ name: 'i', resources: { requests: { 'amd.com/gpu': '1' } } }],
    },
    says: /spec\.template\.spec\.initContainers: Invalid value: may not ask for .*: set spec\.gpus instead/,
  },
  {
    what: 'replicas in words',
    changes: { 'spec.replicas': 'three' },
    says: /spec\.replicas in body must be of type integer/,
  },
  {
    what: 'half a replica',
    changes: { 'spec.replicas': 1.5 },
    says: /spec\.replicas in body must be of type int32/,
  },
  {
    what: 'fewer than no replicas',
    changes: { 'spec.replicas': -1 },
    says: /spec\.replicas in body should be greater than or equal to 0/,
  },
  {
    what: 'too many replicas',
    changes: { 'spec.replicas': 10_001 },
    says: /should be less than or equal to 10000/,
  },
  {
    what: 'no GPU per replica',
    changes: { 'spec.gpus.countPerReplica': 0 },
    says: /countPerReplica in body should be greater than or equal to 1/,
  },
  {
    what: 'an unknown vendor',
    changes: { 'spec.gpus.vendor': 'Apple' },
    says: /spec\.gpus\.vendor: Unsupported value: "Apple": supported values: "NVIDIA", "AMD", "Intel"/,
  },
  {
    what: 'a model twice',
    changes: { 'spec.gpus.models': ['a', 'a'] },
    says: /spec\.gpus\.models\[1\]: Duplicate value: "a"/,
  },
  {
    what: 'an empty model',
    changes: { 'spec.gpus.models': [''] },
    says: /spec\.gpus\.models\[0\] in body should be at least 1 chars long/,
  },
  {
    what: 'a malformed memory',
    changes: { 'spec.gpus.minMemory': '40GiB' },
    says: /minMemory: Invalid value: "40GiB": must be a Kubernetes quantity/,
  },
  {
    what: 'a negative memory',
    changes: { 'spec.gpus.minMemory': '-1' },
    says: /must be a Kubernetes quantity of at least 0/,
  },
  {
    what: 'a budget of nothing',
    changes: { 'spec.updateStrategy.rollingUpdate': { maxUnavailable: 0, maxSurge: 0 } },
    says: /maxUnavailable and maxSurge may not both be 0/,
  },
  {
    what: 'a budget of nothing, in percent',
    changes: { 'spec.updateStrategy.rollingUpdate': { maxUnavailable: '0%' } },
    says: /maxUnavailable and maxSurge may not both be 0/,
  },
  {
    what: 'more than all',
    changes: { 'spec.updateStrategy.rollingUpdate': { maxUnavailable: '110%' } },
    says: /maxUnavailable: Invalid value: "110%": must be a number of at least 0, or a percentage/,
  },
  {
    what: 'a negative surge',
    changes: { 'spec.updateStrategy.rollingUpdate': { maxSurge: -1 } },
    says: /maxSurge: Invalid value: -1: must be a number of at least 0/,
  },
  {
    what: 'a rolling update that is none',
    changes: { 'spec.updateStrategy': { type: 'OnDelete', rollingUpdate: { maxSurge: 3 } } },
    says: /spec\.updateStrategy\.rollingUpdate: Invalid value: may only be set when updateStrategy\.type is RollingUpdate/,
  },
  {
    what: 'an unknown strategy',
    changes: { 'spec.updateStrategy.type': 'Recreate' },
    says: /Unsupported value: "Recreate": supported values: "RollingUpdate", "OnDelete"/,
  },
  {
    what: 'a grace in the past',
    changes: { 'spec.nodeLostGraceSeconds': -5 },
    says: /nodeLostGraceSeconds in body should be greater than or equal to 0/,
  },
  {
    what: 'suspend in words',
    changes: { 'spec.suspend': 'yes' },
    says: /spec\.suspend in body must be of type boolean/,
  },
  {
    what: 'too long a name',
    changes: { 'metadata.name': 'x'.repeat(53) },
    says: /metadata\.name: Invalid value: must have at most 52 characters/,
  },
  {
    what: 'a name with a dot',
    changes: { 'metadata.name': 'a.b' },
    says: /metadata\.name: Invalid value: may not contain a dot/,
  },
];

const accepted: readonly { what: string; changes: Record<string, unknown> }[] = [
  { what: 'only a template', changes: {} },
  { what: 'OnDelete', changes: { 'spec.updateStrategy.type': 'OnDelete' } },
  { what: 'a memory in bytes', changes: { 'spec.gpus.minMemory': 1024 } },
  { what: 'no replicas', changes: { 'spec.replicas': 0 } },
  {
    what: 'surge instead of unavailability',
    changes: { 'spec.updateStrategy.rollingUpdate': { maxUnavailable: 0, maxSurge: '25%' } },
  },
  { what: 'the longest name', changes: { 'metadata.name': 'x'.repeat(52) } },
  {
    what: 'two ports of one protocol',
    changes: { [`${container}.ports`]: [{ containerPort: 1 }, { containerPort: 2 }] },
  },
  {
    what: 'a probe of a named port',
    changes: { [`${container}.livenessProbe`]: { tcpSocket: { port: 'metrics' } } },
  },
  {
    what: 'pull secrets and volumes',
    changes: {
      'spec.template.spec.imagePullSecrets': [{ name: 's' }],
      'spec.template.spec.volumes': [{ name: 'v', emptyDir: { sizeLimit: '1Gi' } }],
    },
  },
];

const nights = { timeZone: 'Europe/Berlin', windows: [{ days: ['Mon'], start: '18:00', end: '08:00' }] };

/** What owners of clusters get wrong. */
const refusedClusters: readonly { what: string; spec: Record<string, unknown>; says: RegExp }[] = [
  {
    what: 'an unknown profile',
    spec: { profile: 'Cloud' },
    says: /spec\.profile: Unsupported value: "Cloud": supported values: "OnPrem", "Akash"/,
  },
  {
    what: 'a negative reserve',
    spec: { reserve: -1 },
    says: /spec\.reserve: Invalid value: -1: must be a number of at least 0, or a percentage/,
  },
  {
    what: 'a reserve of more than all',
    spec: { reserve: '101%' },
    says: /spec\.reserve: Invalid value: "101%": must be a number of at least 0, or a percentage/,
  },
  {
    what: 'a node excluded twice',
    spec: { excludedNodes: ['a', 'a'] },
    says: /spec\.excludedNodes\[1\]: Duplicate value: "a"/,
  },
  {
    what: 'a label that is a number',
    spec: { nodeSelector: { pool: 1 } },
    says: /spec\.nodeSelector\.pool in body must be of type string/,
  },
  {
    what: 'a schedule without a time zone',
    spec: { schedule: { windows: nights.windows } },
    says: /spec\.schedule\.timeZone: Required value/,
  },
  {
    what: 'a schedule without windows',
    spec: { schedule: { ...nights, windows: [] } },
    says: /spec\.schedule\.windows in body should have at least 1 items/,
  },
  {
    what: 'a day in full',
    spec: { schedule: { ...nights, windows: [{ days: ['Monday'], start: '18:00', end: '08:00' }] } },
    says: /days\[0\]: Unsupported value: "Monday": supported values: "Mon", "Tue"/,
  },
  {
    what: 'a day twice',
    spec: { schedule: { ...nights, windows: [{ days: ['Mon', 'Mon'], start: '18:00', end: '08:00' }] } },
    says: /days\[1\]: Duplicate value: "Mon"/,
  },
  {
    what: 'midnight as 24:00',
    spec: { schedule: { ...nights, windows: [{ days: ['Mon'], start: '18:00', end: '24:00' }] } },
    says: /windows\[0\]\.end: Invalid value: "24:00": must be a time of day from '00:00' to '23:59'; midnight is '00:00'/,
  },
  {
    what: 'two windows of the same times',
    spec: { schedule: { ...nights, windows: [...nights.windows, { ...nights.windows[0], days: ['Tue'] }] } },
    says: /spec\.schedule\.windows\[1\]: Duplicate value/,
  },
  {
    what: 'a negative price',
    spec: { pricing: { perV100EquivalentHour: '-0.40' } },
    says: /spec\.pricing\.perV100EquivalentHour: Invalid value: "-0\.40": must be US dollars of at least 0/,
  },
  {
    what: 'a price that is a number',
    spec: { pricing: { perV100EquivalentHour: 0.4 } },
    says: /perV100EquivalentHour in body must be of type string/,
  },
  {
    what: 'a price finer than a millionth',
    spec: { pricing: { models: [{ model: 'l4', perGpuHour: '0.0000001' }] } },
    says: /models\[0\]\.perGpuHour: Invalid value: "0\.0000001": must be US dollars/,
  },
  {
    what: 'a pricing without a price',
    spec: { pricing: {} },
    says: /spec\.pricing: Invalid value: .*must set perV100EquivalentHour, models, or both/,
  },
  {
    what: 'two prices of one name',
    spec: { pricing: { models: Array(2).fill({ model: 'l4', perGpuHour: '1' }) } },
    says: /spec\.pricing\.models\[1\]: Duplicate value/,
  },
  {
    what: 'a GPU model of no performance',
    spec: { gpuModels: [{ product: 'X', halfTflops: '0.0' }] },
    says: /gpuModels\[0\]\.halfTflops: Invalid value: "0\.0": must be a number of TFLOPS above 0/,
  },
  {
    what: 'two GPU models of one id',
    spec: {
      gpuModels: [
        { product: 'X', id: 'x', halfTflops: '1' },
        { product: 'Y', id: 'x', halfTflops: '2' },
      ],
    },
    says: /spec\.gpuModels: Invalid value: .*entries of one id must have the same halfTflops/,
  },
];

/** Ways to other clusters that are none, and what the API server must say about them. */
const refusedConnections: readonly { what: string; name: string; connection: object; says: RegExp }[] = [
  {
    what: 'a kubeconfig that is missing',
    name: 'other',
    connection: { type: 'Kubeconfig' },
    says: /spec\.connection: Invalid value: .*must set kubeconfig when type is Kubeconfig, and only then/,
  },
  {
    what: 'a kubeconfig for the local cluster',
    name: 'local',
    connection: { kubeconfig: { secretRef: { name: 'a' } } },
    says: /must set kubeconfig when type is Kubeconfig, and only then/,
  },
  {
    what: 'the name of the local one',
    name: 'local',
    connection: { type: 'Kubeconfig', kubeconfig: { secretRef: { name: 'a' } } },
    says: /metadata\.name: Invalid value: .*may not be 'local' unless/,
  },
  {
    what: 'a Secret of another namespace',
    name: 'other',
    connection: { type: 'Kubeconfig', kubeconfig: { secretRef: { name: 'a', namespace: 'b' } } },
    says: /unknown field "spec\.connection\.kubeconfig\.secretRef\.namespace"/,
  },
];

const acceptedClusters: readonly { what: string; spec: Record<string, unknown> }[] = [
  { what: 'nothing', spec: {} },
  {
    what: 'everything',
    spec: {
      profile: 'Akash',
      nodeSelector: { pool: 'shared' },
      excludedNodes: ['n1'],
      reserve: '25%',
      schedule: nights,
      onlyWhenIdle: true,
      pricing: { perV100EquivalentHour: '0.40', models: [{ model: 'NVIDIA-A100', perGpuHour: '1' }] },
      gpuModels: [
        { product: 'X', id: 'x', halfTflops: '989.4', memoryMiB: 81_920 },
        { product: 'Y', id: 'x', halfTflops: '989.4', memoryMiB: 81_920 },
        { product: 'unlabelled-intel', id: 'gaudi3', halfTflops: '1835' },
      ],
    },
  },
];

/** The local cluster with a spec. */
function clusterWith(spec: Record<string, unknown>): object {
  return {
    apiVersion: 'headframe.dev/v1alpha1',
    kind: 'ComputeCluster',
    metadata: { name: 'local' },
    spec,
  };
}

describe(`the API on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  let cluster: TestCluster;
  let kubectl: Kubectl;

  before(async function () {
    // The first run on a machine builds the control plane.
    this.timeout(30 * 60_000);
    cluster = await startTestCluster({ nodes: [] });
    kubectl = cluster.kubectl;
    await published();
  });

  after(() => cluster.stop());

  /** Runs a kubectl that must succeed: what it printed. */
  async function good(args: readonly string[], input?: string | object): Promise<string> {
    const { code, stdout, stderr } = await kubectl(args, input);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** A CRD is Established before its schema is in the OpenAPI documents, which kubectl reads. */
  async function published(): Promise<void> {
    const deadline = Date.now() + 60_000;
    while ((await kubectl(['explain', 'minerpool.spec.template'])).code !== 0) {
      assert.ok(Date.now() < deadline, 'the schema of MinerPool was not published');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
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

  for (const { what, changes, says } of refused) {
    it(`refuses ${what}`, async () => {
      const { code, stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], goodPool(changes));
      assert.equal(code, 1);
      assert.match(stderr, says);
    });
  }

  for (const { what, changes } of accepted) {
    it(`takes ${what}`, async () => {
      await good(['apply', '--dry-run=server', '-f', '-'], goodPool(changes));
    });
  }

  for (const { what, spec, says } of refusedClusters) {
    it(`refuses a cluster with ${what}`, async () => {
      const { code, stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], clusterWith(spec));
      assert.equal(code, 1);
      assert.match(stderr, says);
    });
  }

  for (const { what, spec } of acceptedClusters) {
    it(`takes a cluster with ${what}`, async () => {
      await good(['apply', '--dry-run=server', '-f', '-'], clusterWith(spec));
    });
  }

  for (const { what, name, connection, says } of refusedConnections) {
    it(`refuses a member cluster with ${what}`, async () => {
      const { code, stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'ComputeCluster',
        metadata: { name },
        spec: { connection },
      });
      assert.equal(code, 1);
      assert.match(stderr, says);
    });
  }

  it('refuses a local cluster of another name', async () => {
    const cluster = {
      apiVersion: 'headframe.dev/v1alpha1',
      kind: 'ComputeCluster',
      metadata: { name: 'other' },
    };
    const { code, stderr } = await kubectl(['apply', '--dry-run=server', '-f', '-'], cluster);
    assert.equal(code, 1);
    assert.match(stderr, /metadata\.name: Invalid value: must be 'local'/);
  });

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
