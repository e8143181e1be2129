import assert from 'node:assert/strict';
import { mapMountPaths } from '../../../src/devcluster/node-agent/mount-paths.ts';

const mounts = [
  { mountPath: '/data', hostPath: '/run/v/data' },
  { mountPath: '/data/models', hostPath: '/run/v/models' },
  { mountPath: '/etc/miner+x/', hostPath: '/run/v/cfg' },
];

describe('mapMountPaths', () => {
  const cases: [string, string][] = [
    ['/data', '/run/v/data'],
    ['/data/', '/run/v/data/'],
    ['/data/a/b.txt', '/run/v/data/a/b.txt'],
    ['--out=/data/x', '--out=/run/v/data/x'],
    ['cat /data/a >/data/b; ls "/data"', 'cat /run/v/data/a >/run/v/data/b; ls "/run/v/data"'],
    ['/data/models/one', '/run/v/models/one'],
    ['a:/data:b', 'a:/run/v/data:b'],
    ['/etc/miner+x/seed', '/run/v/cfg/seed'],
    ['/data2', '/data2'],
    ['/data.old', '/data.old'],
    ['/mnt/data', '/mnt/data'],
    ['data', 'data'],
    ['~/data', '~/data'],
    ['', ''],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text)} becomes ${JSON.stringify(expected)}`, () => {
      assert.equal(mapMountPaths(text, mounts), expected);
    });
  }

  it('changes nothing without mounts', () => {
    assert.equal(mapMountPaths('/data', []), '/data');
  });

  it('maps once: a real path that looks like a mount path stays', () => {
    const odd = [
      { mountPath: '/a', hostPath: '/b/x' },
      { mountPath: '/b', hostPath: '/c' },
    ];
    assert.equal(mapMountPaths('/a /b', odd), '/b/x /c');
  });
});
