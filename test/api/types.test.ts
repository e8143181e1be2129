import assert from 'node:assert/strict';
import type { PodTemplateSpec } from '../../src/api/builtin.ts';
import { condition } from '../../src/api/conditions.ts';
import { ComputeClusterSpec } from '../../src/api/compute-cluster.ts';
import { ComputeClusterStatus } from '../../src/api/compute-cluster-status.ts';
import type { Condition, KubeObject } from '../../src/api/kube-object.ts';
import { MinerPoolSpec, MinerPoolStatus, type MinerPool } from '../../src/api/miner-pool.ts';

/*
 * The types that the schemas give are API of their own: npm run typecheck fails here when one of them changes. The tests
 * hold the values that the schemas fill in against the same types.
 */

type Day = 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun';

/** Whether two types are the same, in both directions and with the same optional keys. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function same<A, B>(..._equal: Same<A, B> extends true ? [] : ['the types differ']): void {
  // Only the compiler looks.
}

same<MinerPoolSpec['replicas'], number>();
same<MinerPoolSpec['suspend'], boolean>();
same<MinerPoolSpec['template'], PodTemplateSpec>();
same<MinerPoolSpec['gpus']['vendor'], 'NVIDIA' | 'AMD' | 'Intel'>();
same<MinerPoolSpec['gpus']['models'], string[]>();
same<MinerPoolSpec['updateStrategy']['type'], 'RollingUpdate' | 'OnDelete'>();
same<MinerPoolSpec['updateStrategy']['rollingUpdate']['maxUnavailable'], number | string>();
same<MinerPoolStatus['conditions'], Condition[]>();
same<ComputeClusterStatus['conditions'], Condition[]>();
same<ComputeClusterSpec['reserve'], number | string>();
same<ComputeClusterSpec['nodeSelector'], Record<string, string>>();
same<NonNullable<ComputeClusterSpec['schedule']>['windows'][number]['days'][number], Day>();
same<NonNullable<ComputeClusterSpec['pricing']>['perV100EquivalentHour'], string | undefined>();
same<MinerPool['status'], MinerPoolStatus | undefined>();
same<MinerPool extends KubeObject ? true : false, true>();

describe('API types', () => {
  const template: PodTemplateSpec = { spec: { containers: [{ name: 'miner', image: 'miner:1' }] } };

  it('a MinerPool’s spec has all its defaults when only the template is given', () => {
    assert.deepEqual(MinerPoolSpec.parse({ template }), {
      replicas: 1,
      gpus: { vendor: 'NVIDIA', countPerReplica: 1, models: [] },
      template,
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
    } satisfies MinerPoolSpec);
  });

  it('a MinerPool needs a template', () => {
    assert.equal(MinerPoolSpec.safeParse({}).success, false);
  });

  it('an empty MinerPool status counts nothing', () => {
    assert.deepEqual(MinerPoolStatus.parse({}), {
      replicas: 0,
      readyReplicas: 0,
      availableReplicas: 0,
      updatedReplicas: 0,
      gpus: { desired: 0, allocated: 0, ready: 0 },
      conditions: [],
    } satisfies MinerPoolStatus);
  });

  it('a ComputeCluster needs nothing', () => {
    assert.deepEqual(ComputeClusterSpec.parse({}), {
      connection: { type: 'Local' },
      profile: 'OnPrem',
      nodeSelector: {},
      excludedNodes: [],
      reserve: 0,
      onlyWhenIdle: false,
      usage: {
        source: 'None',
        intervalSeconds: 30,
        exporters: {
          podSelector: { app: 'nvidia-dcgm-exporter' },
          port: 9400,
          path: '/metrics',
          access: 'Auto',
        },
      },
      gpuModels: [],
      givingBack: { noticeSeconds: 30, maxPodsPerMinute: 60 },
      quarantine: { failures: 3, windowSeconds: 600, firstSeconds: 600, maxSeconds: 86_400 },
    } satisfies ComputeClusterSpec);
    assert.deepEqual(ComputeClusterStatus.parse({}).totals, {
      allocatable: 0,
      allocated: 0,
      guests: 0,
      leased: 0,
      free: 0,
      reserved: 0,
      freeForGuests: 0,
      petaflops: '0',
      v100Equivalents: '0',
    });
  });

  it('a reason that is not in the catalogue does not compile', () => {
    // @ts-expect-error -- the catalogue does not have it
    assert.equal(condition('Ready', true, 'NoSuchReason').reason, 'NoSuchReason');
  });
});
