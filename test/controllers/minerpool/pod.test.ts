import assert from 'node:assert/strict';
import type { Affinity, NodeSelectorTerm, PodTemplateSpec } from '../../../src/api/builtin.ts';
import type { MinerPoolSpec } from '../../../src/api/miner-pool.ts';
import { gpuDemand, templateRequirements } from '../../../src/controllers/minerpool/demand.ts';
import { freeTerms } from '../../../src/controllers/fleet/guest-terms.ts';
import { podManifest } from '../../../src/controllers/minerpool/pod.ts';
import { podSource, revisionName, sourceOf } from '../../../src/controllers/minerpool/revision.ts';
import { minerPool } from '../../support/pool-objects.ts';

type Gpus = MinerPoolSpec['gpus'];

const h100s: Gpus = { vendor: 'NVIDIA', countPerReplica: 2, models: ['NVIDIA-H100-80GB-HBM3'] };
const product = { key: 'nvidia.com/gpu.product', operator: 'In', values: ['NVIDIA-H100-80GB-HBM3'] };

function make(
  gpus: Gpus,
  spec: Partial<PodTemplateSpec['spec']> = {},
  metadata: PodTemplateSpec['metadata'] = {},
): ReturnType<typeof podManifest> {
  const template = {
    metadata,
    spec: {
      containers: [
        { name: 'miner', image: 'm' },
        { name: 'side', image: 's' },
      ],
      ...spec,
    },
  };
  const pool = minerPool({ gpus, template });
  return podManifest(pool, {
    ordinal: 7,
    revision: 'pool-r',
    source: podSource(pool),
    attempt: 0,
    surge: false,
    terms: freeTerms,
  });
}

function terms(affinity: Affinity | undefined): NodeSelectorTerm[] | undefined {
  return affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
}

describe('controllers/minerpool/pod', () => {
  it('is named after the pool and the ordinal, labelled, and managed by the pool', () => {
    const { metadata } = make(h100s, {}, { labels: { app: 'mine', 'headframe.dev/pool': 'forged' } });

    assert.equal(metadata.name, 'pool-7');
    assert.equal(metadata.namespace, 'default');
    assert.deepEqual(metadata.labels, {
      app: 'mine',
      'headframe.dev/pool': 'pool',
      'headframe.dev/replica-index': '7',
      'headframe.dev/revision': 'pool-r',
      'app.kubernetes.io/managed-by': 'headframe',
    });
    assert.deepEqual(metadata.ownerReferences, [
      {
        apiVersion: 'headframe.dev/v1alpha1',
        kind: 'MinerPool',
        name: 'pool',
        uid: 'pool-uid',
        controller: true,
      },
    ]);
  });

  it('gives the GPUs to the first container, and only to it, beside its other limits', () => {
    const containers = [
      { name: 'miner', resources: { limits: { cpu: '1' }, requests: { cpu: '1' } } },
      { name: 'side' },
    ];
    const { spec } = make(h100s, { containers });

    assert.deepEqual(spec.containers, [
      { name: 'miner', resources: { limits: { cpu: '1', 'nvidia.com/gpu': '2' }, requests: { cpu: '1' } } },
      { name: 'side' },
    ]);
  });

  it('asks AMD nodes for AMD GPUs', () => {
    const { spec } = make({ vendor: 'AMD', countPerReplica: 1, models: ['mi210'] });

    assert.deepEqual(spec.containers[0]?.resources, { limits: { 'amd.com/gpu': '1' } });
    assert.deepEqual(terms(spec.affinity), [
      {
        matchExpressions: [
          { key: 'amd.com/gpu.product-name', operator: 'In', values: ['AMD_Instinct_MI210'] },
        ],
      },
    ]);
  });

  it('requires the wanted GPUs in each alternative of the template’s own node affinity', () => {
    const zone = { key: 'zone', operator: 'In' as const, values: ['a'] };
    const affinity: Affinity = {
      podAntiAffinity: { some: 'thing' },
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: ['kept'],
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [zone] },
            { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }] },
          ],
        },
      },
    };
    const { spec } = make(h100s, { affinity });

    assert.deepEqual(terms(spec.affinity), [
      { matchExpressions: [zone, product] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['n'] }], matchExpressions: [product] },
    ]);
    assert.deepEqual(spec.affinity?.['podAntiAffinity'], { some: 'thing' });
    assert.deepEqual(spec.affinity.nodeAffinity?.['preferredDuringSchedulingIgnoredDuringExecution'], [
      'kept',
    ]);
  });

  it('leaves the affinity alone when any GPU will do', () => {
    const any: Gpus = { vendor: 'NVIDIA', countPerReplica: 1, models: [] };
    const affinity = { podAffinity: { some: 'thing' } };

    assert.equal('affinity' in make(any).spec, false);
    assert.deepEqual(make(any, { affinity }).spec.affinity, affinity);
  });

  it('tolerates the taint that GPU nodes customarily carry, unless the template speaks of it', () => {
    const own = { key: 'nvidia.com/gpu', operator: 'Equal', value: 'mine', effect: 'NoSchedule' };

    assert.deepEqual(make(h100s).spec.tolerations, [
      { key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' },
    ]);
    assert.deepEqual(make(h100s, { tolerations: [own] }).spec.tolerations, [own]);
  });

  it('carries how often its ordinal has failed in a row', () => {
    const pool = minerPool();
    const order = { ordinal: 0, revision: 'r', source: podSource(pool), surge: false, terms: freeTerms };

    assert.deepEqual(podManifest(pool, { ...order, attempt: 0 }).metadata.annotations, {});
    assert.deepEqual(podManifest(pool, { ...order, attempt: 3 }).metadata.annotations, {
      'headframe.dev/restart-attempt': '3',
    });
  });

  describe('in a cluster with terms', () => {
    const pool = minerPool({ gpus: h100s });
    const order = { ordinal: 1, revision: 'r', source: podSource(pool), attempt: 0, surge: false };
    const shared = { key: 'pool', operator: 'In', values: ['shared'] };

    it('is known by labels in a member, where nothing could own it', () => {
      const { metadata } = podManifest(pool, { ...order, terms: { ...freeTerms, cluster: 'a' } }, 'home-uid');

      assert.equal('ownerReferences' in metadata, false);
      assert.equal(metadata.labels?.['headframe.dev/pool-uid'], 'pool-uid');
      assert.equal(metadata.labels['headframe.dev/home'], 'home-uid');
    });

    it('asks for the model that was chosen for it, and carries its name', () => {
      const { metadata, spec } = podManifest(pool, { ...order, terms: freeTerms, model: 'a100-sxm4-80gb' });
      const [term] = terms(spec.affinity) ?? [];

      assert.equal(metadata.annotations?.['headframe.dev/gpu-model'], 'a100-sxm4-80gb');
      assert.deepEqual(
        term?.matchExpressions?.map(({ key, values }) => [key, values?.includes('NVIDIA-A100-SXM4-80GB')]),
        [['nvidia.com/gpu.product', true]],
      );
    });

    it('keeps to the nodes that take part, and to none that is left out by name', () => {
      const guest = { ...freeTerms, requirements: [shared], excludedNodes: ['n1', 'n2'] };
      const { spec } = podManifest(pool, { ...order, terms: guest } as Parameters<typeof podManifest>[1]);

      assert.deepEqual(terms(spec.affinity), [
        {
          matchExpressions: [product, shared],
          matchFields: [
            { key: 'metadata.name', operator: 'NotIn', values: ['n1'] },
            { key: 'metadata.name', operator: 'NotIn', values: ['n2'] },
          ],
        },
      ]);
    });

    it('has the priority of guests whatever the template says', () => {
      const spec = { containers: [{ name: 'm' }], priorityClassName: 'critical' };
      const important = minerPool({ template: { spec } });
      const priority = (guest: Partial<typeof freeTerms>): unknown =>
        (
          podManifest(important, {
            ...order,
            source: podSource(important),
            terms: { ...freeTerms, ...guest },
          }).spec as { priorityClassName?: string }
        ).priorityClassName;

      assert.equal(priority({}), 'critical');
      assert.equal(priority({ priorityClassName: 'headframe-guest' }), 'headframe-guest');
    });

    it('carries that an update made it above the wanted number', () => {
      const { metadata } = podManifest(pool, { ...order, surge: true, terms: freeTerms });

      assert.deepEqual(metadata.annotations, { 'headframe.dev/surge': 'true' });
    });
  });
});

describe('controllers/minerpool/demand', () => {
  const memory: [text: string | number, mebibytes: number][] = [
    ['40Gi', 40_960],
    ['80G', 76_294],
    [1_073_741_824, 1024],
    ['1', 1],
  ];
  for (const [minMemory, mebibytes] of memory) {
    it(`reads minMemory ${minMemory} as ${mebibytes} MiB`, () => {
      assert.equal(gpuDemand({ ...h100s, minMemory }).minMemoryMiB, mebibytes);
    });
  }

  it('reads the template’s node selector as requirements', () => {
    const template = { spec: { containers: [], nodeSelector: { zone: 'a' } } };

    assert.deepEqual(templateRequirements({ gpus: h100s, template }), [
      { key: 'zone', operator: 'In', values: ['a'] },
    ]);
  });
});

describe('controllers/minerpool/revision', () => {
  const template = { spec: { containers: [{ name: 'm', image: 'i' }], nodeSelector: { a: '1', b: '2' } } };

  it('is the same for the same content in another order', () => {
    const other = { spec: { nodeSelector: { b: '2', a: '1' }, containers: [{ image: 'i', name: 'm' }] } };

    assert.equal(
      revisionName('p', { gpus: h100s, template }),
      revisionName('p', { template: other, gpus: h100s }),
    );
  });

  it('differs when the GPUs or the template differ', () => {
    const names = [
      revisionName('p', { gpus: h100s, template }),
      revisionName('p', { gpus: { ...h100s, countPerReplica: 1 }, template }),
      revisionName('p', { gpus: h100s, template: { spec: { ...template.spec, nodeSelector: {} } } }),
    ];

    assert.equal(new Set(names).size, 3);
    assert.ok(names.every((name) => /^p-[0-9a-f]{10}$/.test(name)));
  });

  it('refuses a ControllerRevision that holds something else', () => {
    const metadata = { name: 'r', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
    const revision = { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata, revision: 1 };

    assert.equal(sourceOf({ ...revision, data: { spec: {} } }), undefined);
    assert.equal(sourceOf({ ...revision, data: null }), undefined);
    assert.deepEqual(sourceOf({ ...revision, data: { gpus: h100s, template } }), { gpus: h100s, template });
  });
});
