import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { fromPath, kubernetesTools, unpackTools } from './kubernetes-tools.ts';

describe('the tools that the chart is tested with', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headframe-tools-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function archiveOf(programs: Readonly<Record<string, string>>): Promise<string> {
    const archive = join(folder, 'layer.zip');
    const files = Object.entries(programs).map(([name, text]) => [name, strToU8(text)] as const);
    await writeFile(archive, zipSync(Object.fromEntries(files)));
    return archive;
  }

  it('run: Helm 4 and a kubectl with kustomize', async function () {
    this.timeout(60_000);
    const { helm, kubectl } = await kubernetesTools();

    assert.match(execFileSync(helm, ['version', '--short']).toString(), /^v4\./);
    assert.match(execFileSync(kubectl, ['version', '--client']).toString(), /Kustomize Version/);
  });

  it('are unpacked once and whole by many at the same time, who leave nothing beside them', async () => {
    const archive = await archiveOf({
      'helm/helm': '#!/bin/sh\necho a helm\n',
      'kubectl/kubectl': 'x',
      other: 'y',
    });
    const target = join(folder, 'cache', '1.0.0');

    const unpacked = await Promise.all(
      Array.from({ length: 8 }, () => unpackTools({ archive, folder: target })),
    );

    assert.equal(new Set(unpacked.map(({ helm }) => helm)).size, 1);
    assert.equal(execFileSync(unpacked[0]!.helm).toString(), 'a helm\n');
    assert.deepEqual(await readdir(join(folder, 'cache')), ['1.0.0']);
    assert.deepEqual((await readdir(target)).sort(), ['helm', 'kubectl']);
  });

  it('missing in the archive: says so and leaves nothing', async () => {
    const archive = await archiveOf({ 'helm/helm': 'x' });

    await assert.rejects(unpackTools({ archive, folder: join(folder, 'cache', '1') }), /no kubectl\/kubectl/);
    assert.deepEqual(await readdir(join(folder, 'cache')), []);
  });

  it('on other machines are those on the PATH, or an error that names the missing', async () => {
    await writeFile(join(folder, 'helm'), '', { mode: 0o755 });
    await writeFile(join(folder, 'kubectl'), '', { mode: 0o644 });
    await assert.rejects(fromPath(`/nowhere:${folder}`), /missing: kubectl$/);

    await rm(join(folder, 'kubectl'));
    await writeFile(join(folder, 'kubectl'), '', { mode: 0o755 });
    assert.deepEqual(await fromPath(`/nowhere:${folder}`), {
      helm: join(folder, 'helm'),
      kubectl: join(folder, 'kubectl'),
    });
  });
});
