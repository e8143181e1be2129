import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerConfigError, type ConfigSource } from '../../../src/devcluster/node-agent/env.ts';
import type { AgentVolume } from '../../../src/devcluster/node-agent/config-source.ts';
import { makeMounts, makeVolumes } from '../../../src/devcluster/node-agent/volumes.ts';
import { container, podOf } from './pod-objects.ts';
import { temporaryFolder } from './temporary-folder.ts';

const source: ConfigSource = {
  configMap: (name) => (name === 'settings' ? { 'a.txt': 'A', 'b.txt': 'B' } : undefined),
  secret: (name) => (name === 'keys' ? { token: 's3cret' } : undefined),
};

describe('volumes', () => {
  const folder = temporaryFolder();
  const make = (...volumes: AgentVolume[]): Promise<void> =>
    makeVolumes({ pod: podOf({ volumes }), source, folder: folder(), podIP: '127.0.0.1' });
  const read = (...path: string[]): string => readFileSync(join(folder(), 'volumes', ...path), 'utf8');

  it('hold every key of a ConfigMap, or the chosen ones under their paths', async () => {
    await make(
      { name: 'all', configMap: { name: 'settings' } },
      { name: 'some', configMap: { name: 'settings', items: [{ key: 'b.txt', path: 'deep/c.txt' }] } },
    );

    assert.deepEqual(readdirSync(join(folder(), 'volumes', 'all')), ['a.txt', 'b.txt']);
    assert.equal(read('some', 'deep', 'c.txt'), 'B');
  });

  it('hold Secrets with the mode that is asked for', async () => {
    await make({ name: 's', secret: { secretName: 'keys', defaultMode: 0o400 } });

    assert.equal(read('s', 'token'), 's3cret');
    assert.equal(statSync(join(folder(), 'volumes', 's', 'token')).mode & 0o777, 0o400);
  });

  it('hold fields of the pod, and what is projected together', async () => {
    await make({
      name: 'p',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token' } },
          { configMap: { name: 'settings', items: [{ key: 'a.txt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
        ],
      },
    });

    assert.deepEqual(readdirSync(join(folder(), 'volumes', 'p')), ['ca.crt', 'namespace']);
    assert.equal(read('p', 'namespace'), 'mines');
  });

  const refused: [string, AgentVolume, RegExp][] = [
    [
      'a ConfigMap that is not there',
      { name: 'v', configMap: { name: 'gone' } },
      /configmap "gone" not found/,
    ],
    [
      'a key that is not there',
      { name: 'v', secret: { secretName: 'keys', items: [{ key: 'no', path: 'no' }] } },
      /has no key no/,
    ],
    [
      'a path that leads out',
      { name: 'v', configMap: { name: 'settings', items: [{ key: 'a.txt', path: '../../evil' }] } },
      /leads out/,
    ],
    ['a kind that only real nodes have', { name: 'v', nfs: {} } as AgentVolume, /has no nfs/],
  ];
  for (const [title, volume, message] of refused) {
    it(`refuse ${title}`, async () => {
      await assert.rejects(
        make(volume),
        (error) => error instanceof ContainerConfigError && message.test(error.message),
      );
    });
  }

  it('are empty for what is optional and missing', async () => {
    await make({ name: 'v', configMap: { name: 'gone', optional: true } });

    assert.deepEqual(readdirSync(join(folder(), 'volumes', 'v')), []);
  });

  it('show themselves to a container under a root of its own, twice over too', async () => {
    await make({ name: 'all', configMap: { name: 'settings' } }, { name: 'scratch', emptyDir: {} });
    const mounted = container({
      volumeMounts: [
        { name: 'all', mountPath: '/etc/miner/' },
        { name: 'all', mountPath: '/one.txt', subPath: 'a.txt' },
        { name: 'scratch', mountPath: '/data' },
        { name: 'all', mountPath: '/data/nested' },
      ],
    });

    await makeMounts(mounted, folder());
    const { root, mounts } = await makeMounts(mounted, folder());

    assert.equal(readFileSync(join(root, 'etc/miner/b.txt'), 'utf8'), 'B');
    assert.equal(readFileSync(join(root, 'one.txt'), 'utf8'), 'A');
    writeFileSync(join(root, 'data/out'), 'x');
    assert.equal(read('scratch', 'out'), 'x');
    assert.equal(
      mounts.find(({ mountPath }) => mountPath === '/data/nested')?.hostPath,
      join(folder(), 'volumes/all'),
    );
  });
});
