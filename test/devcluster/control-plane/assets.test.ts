import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureAssets } from '../../../src/devcluster/control-plane/assets.ts';
import { kubernetesVersion, linkerFlags, recipes } from '../../../src/devcluster/control-plane/binaries.ts';
import { temporaryFolder } from '../node-agent/temporary-folder.ts';

/** A `go` that is quick: says its version, and "builds" a program that holds its own arguments. */
const FAKE_GO = `#!/bin/sh
if [ "$1" = env ]; then echo "$FAKE_GO_VERSION"; exit 0; fi
if [ -n "$FAKE_GO_FAILS" ]; then echo "no space left on device" >&2; exit 1; fi
echo "$*" >> "$FAKE_GO_LOG"
while [ "$1" != -o ]; do shift; done
echo "#!/bin/sh" > "$2" && chmod +x "$2"
`;

describe('control plane assets', () => {
  const folder = temporaryFolder();
  let env: NodeJS.ProcessEnv;
  let hackFolder: string;

  beforeEach(async () => {
    hackFolder = join(folder(), 'hack');
    await mkdir(join(hackFolder, 'controlplane'), { recursive: true });
    await mkdir(join(hackFolder, 'kwok'), { recursive: true });
    await writeFile(
      join(hackFolder, 'controlplane', 'go.mod'),
      'require k8s.io/kubernetes v1.37.2\n'.replace('require ', '\t'),
    );
    await writeFile(join(hackFolder, 'kwok', 'go.mod'), 'module kwok\n');
    await mkdir(join(folder(), 'bin'));
    await writeFile(join(folder(), 'bin', 'go'), FAKE_GO);
    await chmod(join(folder(), 'bin', 'go'), 0o755);
    env = {
      PATH: `${join(folder(), 'bin')}:/usr/bin:/bin`,
      HOME: folder(),
      XDG_CACHE_HOME: join(folder(), 'cache'),
      FAKE_GO_VERSION: 'go1.26.3',
      FAKE_GO_LOG: join(folder(), 'go.log'),
    };
  });

  const builds = async (): Promise<string[]> => {
    const text = await readFile(join(folder(), 'go.log'), 'utf8').catch(() => '');
    return text
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(' ').at(-1) ?? '');
  };

  it('builds each program once, into the cache, and says what comes', async () => {
    const messages: string[] = [];
    const first = await ensureAssets({ env, hackFolder, progress: (message) => messages.push(message) });
    const second = await ensureAssets({ env, hackFolder });

    assert.match(first.etcd, /cache\/headframe\/controlplane\/v1\.37\.2-[0-9a-f]{12}\/bin\/etcd$/);
    assert.deepEqual(second, first);
    assert.deepEqual(
      await builds(),
      recipes.filter(({ name }) => name !== 'kwok').map(({ goPackage }) => goPackage),
    );
    assert.equal(messages[0], 'building etcd (1 of 5, about 70 s on 2 cores; then kube-apiserver)');
    assert.equal(first.kwok, undefined);
  });

  it('goes on where a build was cut off, and leaves nothing unfinished behind', async () => {
    await assert.rejects(
      ensureAssets({ env: { ...env, FAKE_GO_FAILS: '1' }, hackFolder }),
      /Building etcd failed: no space left on device/,
    );
    const { etcd } = await ensureAssets({ env, hackFolder });
    await writeFile(`${etcd}.12345.tmp`, 'half of it');
    const assets = await ensureAssets({ env, hackFolder, kwok: true });

    const files = await readdir(join(assets.etcd, '..'));
    assert.deepEqual(files.sort(), [
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kubectl',
      'kwok',
    ]);
  });

  it('adds KWOK when it is asked for', async () => {
    await ensureAssets({ env, hackFolder });
    const assets = await ensureAssets({ env, hackFolder, kwok: true });

    assert.match(assets.kwok ?? '', /bin\/kwok$/);
    assert.equal((await builds()).length, 6);
  });

  it('builds once for two runs at the same time', async () => {
    const [one, other] = await Promise.all([
      ensureAssets({ env, hackFolder }),
      ensureAssets({ env, hackFolder }),
    ]);

    assert.deepEqual(one, other);
    assert.equal((await builds()).length, 5);
  });

  it('takes over the lock of a run that has died', async () => {
    const { etcd } = await ensureAssets({ env, hackFolder });
    const dead = spawn('true');
    await new Promise((resolve) => dead.once('exit', resolve));
    await writeFile(join(etcd, '..', '.lock'), String(dead.pid));

    await ensureAssets({ env, hackFolder, kwok: true });

    assert.equal((await builds()).length, 6);
  });

  it('builds anew when the modules change', async () => {
    const before = await ensureAssets({ env, hackFolder });
    await writeFile(join(hackFolder, 'controlplane', 'go.mod'), '\tk8s.io/kubernetes v1.37.3\n');
    const after = await ensureAssets({ env, hackFolder });

    assert.notEqual(after.etcd, before.etcd);
    assert.match(after.etcd, /v1\.37\.3/);
  });

  it('says what to install where there is no Go, or an old one', async () => {
    await assert.rejects(
      ensureAssets({ env: { ...env, PATH: '/nonexistent' }, hackFolder }),
      /there is no "go" command\. Install Go 1\.26 .*KUBEBUILDER_ASSETS.*--kubeconfig/,
    );
    await assert.rejects(
      ensureAssets({ env: { ...env, FAKE_GO_VERSION: 'go1.22.1' }, hackFolder }),
      /go1\.22\.1 is too old/,
    );
  });

  it('uses KUBEBUILDER_ASSETS, and builds only what is not there', async () => {
    const given = join(folder(), 'assets');
    await mkdir(given);
    for (const name of ['kube-apiserver', 'etcd', 'kubectl']) {
      await writeFile(join(given, name), '', { mode: 0o755 });
    }

    const assets = await ensureAssets({ env: { ...env, KUBEBUILDER_ASSETS: given }, hackFolder });

    assert.equal(assets['kube-apiserver'], join(given, 'kube-apiserver'));
    assert.match(assets['kube-scheduler'], /cache/);
    assert.deepEqual(await builds(), [
      'k8s.io/kubernetes/cmd/kube-scheduler',
      'k8s.io/kubernetes/cmd/kube-controller-manager',
    ]);
  });

  it('refuses a KUBEBUILDER_ASSETS that lacks the essentials', async () => {
    const bare = { ...env, KUBEBUILDER_ASSETS: folder() };
    await assert.rejects(ensureAssets({ env: bare, hackFolder }), /has no kube-apiserver, etcd, kubectl/);
  });
});

describe('binary recipes', () => {
  it('find the version in go.mod, or say so', () => {
    assert.equal(kubernetesVersion('require (\n\tk8s.io/kubernetes v1.37.2 // indirect\n)'), 'v1.37.2');
    assert.throws(() => kubernetesVersion('module x'), /does not require/);
  });

  it('stamp the version into Kubernetes programs only', () => {
    const flags = Object.fromEntries(recipes.map((recipe) => [recipe.name, linkerFlags(recipe, 'v1.37.2')]));

    assert.match(flags['kubectl'] ?? '', /version\.gitVersion=v1\.37\.2 .*gitMajor=1 .*gitMinor=37 /);
    assert.equal(flags['etcd'], '-s -w');
  });
});
