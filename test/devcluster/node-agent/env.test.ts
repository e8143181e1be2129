import assert from 'node:assert/strict';
import type { Container } from '../../../src/api/builtin.ts';
import {
  containerEnv,
  ContainerConfigError,
  expandReferences,
  fieldValue,
  type ConfigSource,
} from '../../../src/devcluster/node-agent/env.ts';
import { container, podOf } from './pod-objects.ts';

const source: ConfigSource = {
  configMap: (name) => (name === 'settings' ? { LEVEL: 'high', 'a.txt': 'text' } : undefined),
  secret: (name) => (name === 'keys' ? { token: 's3cret' } : undefined),
};

function envOf(fields: Partial<Container>, given: Record<string, string> = {}): Record<string, string> {
  return containerEnv({ pod: podOf(), container: container(fields), source, given, podIP: '127.0.0.1' });
}

describe('expandReferences', () => {
  const cases: [string, string][] = [
    ['$(A)', 'one'],
    ['x$(A)y$(B)z', 'xoneytwoz'],
    ['$(MISSING)', '$(MISSING)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$one'],
    ['$A ${A}', '$A ${A}'],
    ['$(A', '$(A'],
    ['$$', '$'],
    ['$(constructor)', '$(constructor)'],
  ];
  for (const [text, expected] of cases) {
    it(`${text} gives ${expected}`, () => {
      assert.equal(expandReferences(text, { A: 'one', B: 'two' }), expected);
    });
  }
});

describe('containerEnv', () => {
  it('expands what stands before, also what the agent gives, and nothing that stands after', () => {
    const env = envOf(
      {
        env: [
          { name: 'FIRST', value: '$(PORT)' },
          { name: 'SECOND', value: '$(FIRST)-$(THIRD)' },
          { name: 'THIRD', value: 'later' },
        ],
      },
      { PORT: '4000' },
    );

    assert.deepEqual(env, { PORT: '4000', FIRST: '4000', SECOND: '4000-$(THIRD)', THIRD: 'later' });
  });

  it('reads fields, ConfigMaps and Secrets, and does not expand what comes from there', () => {
    const env = envOf({
      env: [
        { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'LEVEL', valueFrom: { configMapKeyRef: { name: 'settings', key: 'LEVEL' } } },
        { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'keys', key: 'token' } } },
      ],
    });

    assert.deepEqual(env, { POD: 'miner-0', LEVEL: 'high', TOKEN: 's3cret' });
  });

  it('takes whole objects with a prefix, and lets env win over them', () => {
    const env = envOf({
      envFrom: [{ prefix: 'S_', configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }],
      env: [{ name: 'token', value: 'mine' }],
    });

    assert.deepEqual(env, { S_LEVEL: 'high', 'S_a.txt': 'text', token: 'mine' });
  });

  it('lets the pod replace what the agent gives', () => {
    assert.equal(envOf({ env: [{ name: 'PORT', value: '1' }] }, { PORT: '4000' })['PORT'], '1');
  });

  const missing: [string, Partial<Container>, RegExp][] = [
    [
      'a key',
      { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'settings', key: 'no' } } }] },
      /couldn't find key no in configmap "settings"/,
    ],
    [
      'a Secret',
      { env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'gone', key: 'a' } } }] },
      /secret "gone" not found/,
    ],
    ['a whole ConfigMap', { envFrom: [{ configMapRef: { name: 'gone' } }] }, /configmap "gone" not found/],
  ];
  for (const [title, fields, message] of missing) {
    it(`refuses to start without ${title}, unless it is optional`, () => {
      assert.throws(
        () => envOf(fields),
        (error) => error instanceof ContainerConfigError && message.test(error.message),
      );
    });
  }

  it('leaves out what is optional and missing', () => {
    const env = envOf({
      envFrom: [{ secretRef: { name: 'gone', optional: true } }],
      env: [{ name: 'X', valueFrom: { secretKeyRef: { name: 'keys', key: 'no', optional: true } } }],
    });

    assert.deepEqual(env, {});
  });
});

describe('fieldValue', () => {
  const cases: [string, string][] = [
    ['metadata.namespace', 'mines'],
    ['metadata.uid', 'uid-1'],
    ["metadata.labels['app']", 'miner'],
    ["metadata.annotations['absent']", ''],
    ['metadata.labels', 'app="miner"\ntier="gpu"'],
    ['metadata.annotations', 'note="two words"'],
    ['spec.nodeName', 'rack-a'],
    ['spec.serviceAccountName', 'default'],
    ['status.podIP', '127.0.0.9'],
    ['status.hostIP', '127.0.0.1'],
  ];
  for (const [path, expected] of cases) {
    it(`${path} is ${JSON.stringify(expected)}`, () => {
      assert.equal(fieldValue(path, { pod: podOf(), podIP: '127.0.0.9' }), expected);
    });
  }

  it('refuses a path that it does not know', () => {
    assert.throws(() => fieldValue('spec.secrets', { pod: podOf(), podIP: '' }), ContainerConfigError);
  });
});
