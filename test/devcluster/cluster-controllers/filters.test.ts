import assert from 'node:assert/strict';
import type { Affinity } from '../../../src/api/builtin.ts';
import {
  clusterState,
  podDemand,
} from '../../../src/devcluster/cluster-controllers/scheduler/cluster-state.ts';
import { placementOf, rejectionOf } from '../../../src/devcluster/cluster-controllers/scheduler/filters.ts';
import { nodeObject, podObject, type NodeContent, type PodContent } from './scheduler-objects.ts';

interface Case {
  readonly title: string;
  readonly node?: NodeContent;
  readonly pod?: PodContent;
  /** Pods that are on the node already. */
  readonly present?: readonly PodContent[];
  /** None: the node takes the pod. */
  readonly reasons?: readonly string[];
  readonly resolvable?: boolean;
}

const gpu = 'nvidia.com/gpu';
const NOT_TOLERATED = 'node(s) had untolerated taint(s)';
const NOT_SELECTED = "node(s) didn't match Pod's node affinity/selector";
const NO_PORT = "node(s) didn't have free ports for the requested pod ports";
const tainted = { taints: [{ key: 'reserved', value: 'us', effect: 'NoSchedule' as const }] };
const app = (name: string): PodContent['metadata'] => ({ labels: { app: name } });

function required(
  kind: 'podAffinity' | 'podAntiAffinity',
  name: string,
  topologyKey: string,
): PodContent['spec'] {
  const term = { topologyKey, labelSelector: { matchLabels: { app: name } } };
  return { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
}

function nodeLabel(
  key: string,
  operator: 'In' | 'Gt' | 'DoesNotExist',
  values?: string[],
): PodContent['spec'] {
  const matchExpressions = [{ key, operator, ...(values && { values }) }];
  const nodeAffinity: Affinity['nodeAffinity'] = {
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
  };
  return { affinity: { nodeAffinity } };
}

function hostPort(port: number, more: { hostIP?: string; protocol?: string } = {}): PodContent['spec'] {
  return { containers: [{ name: 'main', ports: [{ containerPort: 80, hostPort: port, ...more }] }] };
}

function spread(topologyKey: string): PodContent {
  const constraint = {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'DoNotSchedule' as const,
    labelSelector: { matchLabels: { app: 'spread' } },
  };
  return { metadata: { labels: { app: 'spread' } }, spec: { topologySpreadConstraints: [constraint] } };
}

const cases: readonly Case[] = [
  { title: 'an ordinary pod on an ordinary node' },
  {
    title: 'a pod with tolerations on a cordoned node',
    node: { unschedulable: true },
    pod: { spec: { tolerations: [{ key: 'other', operator: 'Exists' }] } },
    reasons: ['node(s) were unschedulable'],
  },
  {
    title: 'a pod that tolerates cordons',
    node: { unschedulable: true },
    pod: { spec: { tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }] } },
  },
  { title: 'a taint', node: tainted, reasons: [NOT_TOLERATED] },
  {
    title: 'a taint of another value than the tolerated one',
    node: tainted,
    pod: { spec: { tolerations: [{ key: 'reserved', value: 'them', effect: 'NoSchedule' }] } },
    reasons: [NOT_TOLERATED],
  },
  {
    title: 'a tolerated taint',
    node: tainted,
    pod: { spec: { tolerations: [{ key: 'reserved', operator: 'Equal', value: 'us' }] } },
  },
  {
    title: 'a toleration of everything',
    node: tainted,
    pod: { spec: { tolerations: [{ operator: 'Exists' }] } },
  },
  { title: 'a soft taint', node: { taints: [{ key: 'busy', effect: 'PreferNoSchedule' }] } },
  { title: 'a node selector', pod: { spec: { nodeSelector: { disk: 'ssd' } } }, reasons: [NOT_SELECTED] },
  {
    title: 'a label of the node selector',
    node: { labels: { disk: 'ssd' } },
    pod: { spec: { nodeSelector: { disk: 'ssd' } } },
  },
  {
    title: 'required node affinity',
    pod: { spec: nodeLabel('gpu', 'In', ['h100']) ?? {} },
    reasons: [NOT_SELECTED],
  },
  {
    title: 'node affinity by number',
    node: { labels: { memory: '80' } },
    pod: { spec: nodeLabel('memory', 'Gt', ['40']) ?? {} },
  },
  {
    title: 'more cpu and GPUs than are free, but not more than there are',
    node: { allocatable: { [gpu]: '2' } },
    present: [{ requests: { cpu: '3', [gpu]: '1' } }],
    pod: { requests: { cpu: '1500m', memory: '1Gi', [gpu]: '2' } },
    reasons: ['Insufficient cpu', `Insufficient ${gpu}`],
    resolvable: true,
  },
  {
    title: 'more than there is',
    pod: { requests: { memory: '9Gi' } },
    reasons: ['Insufficient memory'],
    resolvable: false,
  },
  {
    title: 'exactly what is left',
    present: [{ requests: { cpu: '2500m' } }],
    pod: { requests: { cpu: '1500m' } },
  },
  {
    title: 'an init container larger than all others',
    pod: { spec: { initContainers: [{ name: 'init', resources: { requests: { cpu: '5' } } }] } },
    reasons: ['Insufficient cpu'],
  },
  {
    title: 'a sidecar beside the containers, and the overhead',
    pod: {
      requests: { cpu: '2' },
      spec: {
        initContainers: [
          { name: 'side', restartPolicy: 'Always', resources: { requests: { cpu: '1500m' } } },
        ],
        overhead: { cpu: '501m' },
      },
    },
    // The containers of `spec` here replace nothing: 2 + 1.5 + 0.501 > 4.
    reasons: ['Insufficient cpu'],
  },
  {
    title: 'one pod too many',
    node: { allocatable: { pods: '1' } },
    present: [{}],
    reasons: ['Too many pods'],
    resolvable: true,
  },
  {
    title: 'a host port that is taken',
    present: [{ spec: hostPort(8080) ?? {} }],
    pod: { spec: hostPort(8080, { hostIP: '10.0.0.1' }) ?? {} },
    reasons: [NO_PORT],
    resolvable: true,
  },
  {
    title: 'a host port of another protocol',
    present: [{ spec: hostPort(8080) ?? {} }],
    pod: { spec: hostPort(8080, { protocol: 'UDP' }) ?? {} },
  },
  {
    title: 'a pod that others keep away',
    present: [
      { metadata: app('db') ?? {}, spec: required('podAntiAffinity', 'web', 'kubernetes.io/hostname') ?? {} },
    ],
    pod: { metadata: app('web') ?? {} },
    reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
    resolvable: true,
  },
  {
    title: 'a pod that keeps away from others',
    present: [{ metadata: app('db') ?? {} }],
    pod: { spec: required('podAntiAffinity', 'db', 'kubernetes.io/hostname') ?? {} },
    reasons: ["node(s) didn't match pod anti-affinity rules"],
    resolvable: true,
  },
  {
    title: 'company that is not there',
    pod: { spec: required('podAffinity', 'db', 'kubernetes.io/hostname') ?? {} },
    reasons: ["node(s) didn't match pod affinity rules"],
  },
  {
    title: 'the first of a group that wants its own company',
    pod: { metadata: app('db') ?? {}, spec: required('podAffinity', 'db', 'kubernetes.io/hostname') ?? {} },
  },
  {
    title: 'company of another namespace',
    present: [{ metadata: { namespace: 'other', ...app('db') } }],
    pod: { spec: required('podAffinity', 'db', 'kubernetes.io/hostname') ?? {} },
    reasons: ["node(s) didn't match pod affinity rules"],
  },
  {
    title: 'a spread over a label that the node has not',
    pod: spread('zone'),
    reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  },
  {
    title: 'a spread that would become uneven',
    present: [{ metadata: { labels: { app: 'spread' } } }],
    pod: spread('kubernetes.io/hostname'),
    reasons: ["node(s) didn't match pod topology spread constraints"],
    resolvable: true,
  },
];

describe('the filters of the scheduler', () => {
  for (const { title, node = {}, pod = {}, present = [], reasons, resolvable = false } of cases) {
    it(`${reasons === undefined ? 'accept' : 'refuse'} ${title}`, () => {
      const state = clusterState();
      state.setNode(nodeObject('node', node));
      state.setNode(nodeObject('empty'));
      present.forEach((content, index) =>
        state.place(podDemand(podObject(`present-${index}`, content)), 'node'),
      );
      const placement = placementOf(podDemand(podObject('pod', pod)), state, () => ({}));
      const usage = state.nodes.find(({ name }) => name === 'node');

      const rejection = usage && rejectionOf(placement, usage);

      assert.deepEqual(rejection, reasons && { reasons, resolvable });
    });
  }
});
