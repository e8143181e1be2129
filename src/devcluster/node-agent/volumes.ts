import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import type { Container, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { AgentVolume, DownwardItem } from './config-source.ts';
import { ContainerConfigError, fieldValue, type ConfigSource } from './env.ts';
import type { MappedMount } from './mount-paths.ts';

export interface VolumeInput {
  readonly pod: Immutable<Pod>;
  readonly source: ConfigSource;
  /** The pod's folder on this machine. */
  readonly folder: string;
  readonly podIP: string;
}

/** A file of a volume: where and what. */
interface VolumeFile {
  readonly path: string;
  readonly content: string;
}

/**
 * Makes the pod's volumes as folders, filled once: later changes of a ConfigMap or Secret are seen by the next pod only.
 * @throws ContainerConfigError for a missing object or key, or a kind of volume that only a real node has
 */
export async function makeVolumes(input: VolumeInput): Promise<void> {
  for (const volume of (input.pod.spec.volumes ?? []) as readonly Immutable<AgentVolume>[]) {
    const folder = volumeFolder(input.folder, volume.name);
    const files = volumeFiles(volume, input);
    await mkdir(folder, { recursive: true });
    const mode = volume.configMap?.defaultMode ?? volume.secret?.defaultMode ?? 0o644;
    for (const { path, content } of files) {
      const file = resolve(folder, path);
      if (!file.startsWith(folder + sep)) {
        throw new ContainerConfigError(`the path ${path} leads out of the volume ${volume.name}`);
      }
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      await chmod(file, mode);
    }
  }
}

function volumeFolder(podFolder: string, name: string): string {
  return join(podFolder, 'volumes', name);
}

function volumeFiles(volume: Immutable<AgentVolume>, input: VolumeInput): VolumeFile[] {
  const { configMap, secret, emptyDir, downwardAPI, projected } = volume;
  if (configMap !== undefined) {
    return objectFiles(input.source.configMap(configMap.name), configMap, `configmap "${configMap.name}"`);
  }
  if (secret !== undefined) {
    return objectFiles(input.source.secret(secret.secretName), secret, `secret "${secret.secretName}"`);
  }
  if (downwardAPI !== undefined) {
    return downwardFiles(downwardAPI.items ?? [], input);
  }
  if (projected !== undefined) {
    return projectedFiles(projected, input);
  }
  if (emptyDir !== undefined) {
    return [];
  }
  const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'unknown';
  throw new ContainerConfigError(`the node agent cannot make the volume ${volume.name}: it has no ${kind}`);
}

/** A service account's token is left out: what runs here is trusted by nobody. */
function projectedFiles(
  projected: NonNullable<Immutable<AgentVolume>['projected']>,
  input: VolumeInput,
): VolumeFile[] {
  return (projected.sources ?? []).flatMap(({ configMap, secret, downwardAPI }) => {
    if (configMap !== undefined) {
      return objectFiles(input.source.configMap(configMap.name), configMap, `configmap "${configMap.name}"`);
    }
    if (secret !== undefined) {
      return objectFiles(input.source.secret(secret.name), secret, `secret "${secret.name}"`);
    }
    return downwardFiles(downwardAPI?.items ?? [], input);
  });
}

interface KeyChoice {
  readonly items?: readonly { readonly key: string; readonly path: string }[];
  readonly optional?: boolean;
}

function objectFiles(
  data: Readonly<Record<string, string>> | undefined,
  { items, optional = false }: KeyChoice,
  what: string,
): VolumeFile[] {
  if (data === undefined) {
    if (optional) {
      return [];
    }
    throw new ContainerConfigError(`${what} not found`);
  }
  const chosen = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return chosen.flatMap(({ key, path }) => {
    const content = data[key];
    if (content === undefined && !optional) {
      throw new ContainerConfigError(`${what} has no key ${key}`);
    }
    return content === undefined ? [] : [{ path, content }];
  });
}

function downwardFiles(items: readonly Immutable<DownwardItem>[], input: VolumeInput): VolumeFile[] {
  return items.map(({ path, fieldRef }) => ({
    path,
    content: fieldRef === undefined ? '' : fieldValue(fieldRef.fieldPath, input),
  }));
}

/** Where a container's mounts are. `root` shows them under their mount paths, for programs that read HEADFRAME_MOUNT_ROOT. */
export interface ContainerMounts {
  readonly root: string;
  readonly mounts: readonly MappedMount[];
}

export async function makeMounts(
  container: Immutable<Container>,
  podFolder: string,
): Promise<ContainerMounts> {
  const root = join(podFolder, 'containers', container.name, 'root');
  const mounts = (container.volumeMounts ?? []).map(({ name, mountPath, subPath = '' }) => ({
    mountPath: mountPath.replace(/\/+$/, ''),
    hostPath: join(volumeFolder(podFolder, name), subPath),
  }));
  await mkdir(root, { recursive: true });
  for (const { mountPath, hostPath } of mounts) {
    const nested = mounts.some((other) => mountPath.startsWith(`${other.mountPath}/`));
    if (!nested) {
      await link(hostPath, join(root, mountPath));
    }
  }
  return { root, mounts };
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path).catch((error: unknown) => {
    // Made by an earlier run of the same container.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
  });
}
