import { MinerPools } from '../../src/api/miner-pool.ts';
import { goodPool } from '../support/good-pool.ts';
import { clusterKind } from '../support/test-cluster.ts';
import { apiOnTrial } from './support/api-on-trial.ts';

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

describe(`the rules of MinerPool on the ${clusterKind} API server`, function () {
  this.timeout(120_000);
  const api = apiOnTrial();

  for (const { what, changes, says } of refused) {
    it(`refuse ${what}`, () => api.refuses(MinerPools, goodPool(changes), says));
  }

  for (const { what, changes } of accepted) {
    it(`take ${what}`, () => api.takes(MinerPools, goodPool(changes)));
  }
});
