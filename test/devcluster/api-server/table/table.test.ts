import assert from 'node:assert/strict';
import type { Resource } from '../../../../src/devcluster/api-server/resources/resource.ts';
import type { JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { humanDuration } from '../../../../src/devcluster/api-server/table/age.ts';
import { valuesAt } from '../../../../src/devcluster/api-server/table/json-path.ts';
import { podSummary } from '../../../../src/devcluster/api-server/table/pod-status.ts';
import { tableOf } from '../../../../src/devcluster/api-server/table/table.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');

const resource: Resource = {
  group: 'ex.dev',
  version: 'v1',
  kind: 'Widget',
  listKind: 'WidgetList',
  plural: 'widgets',
  singular: 'widget',
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: ['get'],
  subresources: {},
  custom: true,
};

describe('ages', () => {
  // k8s.io/apimachinery pkg/util/duration.
  for (const [seconds, text] of [
    [-2, '<invalid>'],
    [0, '0s'],
    [119, '119s'],
    [120, '2m'],
    [121, '2m1s'],
    [600, '10m'],
    [3 * 3600 - 1, '179m'],
    [3 * 3600, '3h'],
    [3 * 3600 + 60, '3h1m'],
    [47 * 3600, '47h'],
    [49 * 3600, '2d1h'],
    [8 * 86_400, '8d'],
    [800 * 86_400, '2y70d'],
    [3000 * 86_400, '8y'],
  ] as const) {
    it(`of ${seconds} seconds are ${text}`, () => {
      assert.equal(humanDuration(seconds * 1000), text);
    });
  }
});

const waiting = (reason: string): JsonObject => ({
  name: 'a',
  restartCount: 0,
  state: { waiting: { reason } },
});
const running: JsonObject = { name: 'a', ready: true, restartCount: 0, state: { running: {} } };
const ended = (exitCode: number, reason?: string): JsonObject => ({
  name: 'a',
  restartCount: 0,
  state: { terminated: { exitCode, ...(reason !== undefined && { reason }) } },
});

/* As `kubectl get pods` of v1.37.2 shows pods in these states. */
const pods: readonly { what: string; pod: JsonObject; line: string }[] = [
  { what: 'pending', pod: { status: { phase: 'Pending' } }, line: '0/1 Pending 0' },
  {
    what: 'running',
    pod: { status: { phase: 'Running', containerStatuses: [running] } },
    line: '1/1 Running 0',
  },
  {
    what: 'starting',
    pod: { status: { phase: 'Pending', containerStatuses: [waiting('ContainerCreating')] } },
    line: '0/1 ContainerCreating 0',
  },
  {
    what: 'crashing',
    pod: {
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            ...waiting('CrashLoopBackOff'),
            restartCount: 3,
            lastState: { terminated: { exitCode: 1, finishedAt: '2026-11-23T20:00:00Z' } },
          },
        ],
      },
    },
    line: '0/1 CrashLoopBackOff 3 (4h ago)',
  },
  {
    what: 'failed without a reason',
    pod: { status: { phase: 'Failed', containerStatuses: [ended(3)] } },
    line: '0/1 ExitCode:3 0',
  },
  {
    what: 'done',
    pod: { status: { phase: 'Succeeded', containerStatuses: [ended(0, 'Completed')] } },
    line: '0/1 Completed 0',
  },
  {
    what: 'stuck in an init container',
    pod: {
      spec: { containers: [{ name: 'a' }], initContainers: [{ name: 'i' }] },
      status: { phase: 'Pending', initContainerStatuses: [ended(1, 'Error')] },
    },
    line: '0/1 Init:Error 0',
  },
  {
    what: 'waiting for its second init container',
    pod: {
      spec: { containers: [{ name: 'a' }], initContainers: [{ name: 'i' }, { name: 'j' }] },
      status: { phase: 'Pending', initContainerStatuses: [ended(0), { name: 'j', state: { running: {} } }] },
    },
    line: '0/1 Init:1/2 0',
  },
  {
    what: 'being deleted',
    pod: {
      metadata: { deletionTimestamp: '2026-11-24T00:00:00Z' },
      status: { phase: 'Running', containerStatuses: [running] },
    },
    line: '1/1 Terminating 0',
  },
];

describe('the line of a pod', () => {
  for (const { what, pod, line } of pods) {
    it(`that is ${what} is '${line}'`, () => {
      const { ready, status, restarts } = podSummary({ spec: { containers: [{ name: 'a' }] }, ...pod }, NOW);
      assert.equal(`${ready} ${status} ${restarts}`, line);
    });
  }
});

describe('a table', () => {
  const object: JsonObject = {
    metadata: { name: 'w', creationTimestamp: '2026-11-23T23:00:00Z', annotations: { 'a.b/c': 'd' } },
    spec: { replicas: 3, on: true, ratio: 1.5, list: ['a'] },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };

  for (const [path, values] of [
    ['.spec.replicas', [3]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    ['.status.conditions[?(@.type=="Other")].status', []],
    ['.metadata.annotations.a\\.b/c', ['d']],
    ['.spec.list[0]', ['a']],
    ['.nothing.there', []],
  ] as const) {
    it(`finds ${JSON.stringify(values)} at ${path}`, () => {
      assert.deepEqual(valuesAt(object, path), values);
    });
  }

  it('shows the columns that a definition declares, and null for what is of another type', () => {
    const columns = [
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas' },
      { name: 'On', type: 'boolean', jsonPath: '.spec.on', priority: 1 },
      { name: 'Wrong', type: 'integer', jsonPath: '.spec.on' },
      { name: 'List', type: 'string', jsonPath: '.spec.list' },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    const table = tableOf({ ...resource, columns }, [object], {
      listMeta: { resourceVersion: '7' },
      includeObject: 'None',
      now: NOW,
    });
    assert.deepEqual(table['rows'], [{ cells: ['w', 'True', 3, true, null, '["a"]', '60m'], object: null }]);
    assert.deepEqual(
      (table['columnDefinitions'] as JsonObject[]).map(({ name, priority }) => [name, priority]),
      [
        ['Name', 0],
        ['Ready', 0],
        ['Replicas', 0],
        ['On', 1],
        ['Wrong', 0],
        ['List', 0],
        ['Age', 0],
      ],
    );
    assert.deepEqual(table['metadata'], { resourceVersion: '7' });
  });

  it('shows name and age without declared columns, and carries metadata', () => {
    const table = tableOf(resource, [object], { listMeta: {}, includeObject: 'Metadata', now: NOW });
    assert.deepEqual(table['rows'], [
      {
        cells: ['w', '60m'],
        object: {
          kind: 'PartialObjectMetadata',
          apiVersion: 'meta.k8s.io/v1',
          metadata: object['metadata'],
        },
      },
    ]);
  });
});
