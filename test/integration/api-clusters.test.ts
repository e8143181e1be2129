import { ComputeClusters } from '../../src/api/compute-cluster.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { apiOnTrial } from './support/api-on-trial.ts';

const nights = { timeZone: 'Europe/Berlin', windows: [{ days: ['Mon'], start: '18:00', end: '08:00' }] };

/** What owners of clusters get wrong. */
const refused: readonly { what: string; spec: Record<string, unknown>; says: RegExp }[] = [
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

const accepted: readonly { what: string; spec: Record<string, unknown> }[] = [
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

/** A cluster with a spec; the local one when nothing else is said. */
function clusterWith(spec: object, name = 'local'): object {
  return { apiVersion: 'headframe.dev/v1alpha1', kind: 'ComputeCluster', metadata: { name }, spec };
}

describe(`the rules of ComputeCluster on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  const api = apiOnTrial();

  for (const { what, spec, says } of refused) {
    it(`refuse ${what}`, () => api.refuses(ComputeClusters, clusterWith(spec), says));
  }

  for (const { what, spec } of accepted) {
    it(`take ${what}`, () => api.takes(ComputeClusters, clusterWith(spec)));
  }

  for (const { what, name, connection, says } of refusedConnections) {
    it(`refuse a member cluster with ${what}`, () =>
      api.refuses(ComputeClusters, clusterWith({ connection }, name), says));
  }

  it('refuse a local cluster of another name', () =>
    api.refuses(ComputeClusters, clusterWith({}, 'other'), /metadata\.name: Invalid value: must be 'local'/));
});
