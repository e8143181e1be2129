import { ConfigMaps, Secrets, type Container, type Pod, type Volume } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isNotFound } from '../../kube/errors.ts';
import type { ConfigSource } from './env.ts';

/** Volume sources beyond those that Headframe itself reads. */
export interface AgentVolume extends Volume {
  projected?: { sources?: ProjectedSource[] };
}

export interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
}

export interface ProjectedSource {
  configMap?: { name: string; items?: { key: string; path: string }[]; optional?: boolean };
  secret?: { name: string; items?: { key: string; path: string }[]; optional?: boolean };
  downwardAPI?: { items?: DownwardItem[] };
  serviceAccountToken?: object;
}

/** Names of the ConfigMaps and Secrets that something needs. */
interface Names {
  readonly configMaps: readonly string[];
  readonly secrets: readonly string[];
}

type Read = (name: string) => Promise<readonly [string, Record<string, string>] | undefined>;

/** Reads what the container's environment refers to. */
export function environmentSource(
  client: KubeClient,
  pod: Immutable<Pod>,
  { env = [], envFrom = [] }: Immutable<Container>,
): Promise<ConfigSource> {
  return readSource(client, pod, {
    configMaps: [
      ...env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name),
      ...envFrom.map(({ configMapRef }) => configMapRef?.name),
    ].filter(isDefined),
    secrets: [
      ...env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      ...envFrom.map(({ secretRef }) => secretRef?.name),
    ].filter(isDefined),
  });
}

/** Reads what the pod's volumes are made of. */
export function volumeSource(client: KubeClient, pod: Immutable<Pod>): Promise<ConfigSource> {
  const volumes: readonly Immutable<AgentVolume>[] = pod.spec.volumes ?? [];
  const projections = volumes.flatMap(({ projected }) => projected?.sources ?? []);
  return readSource(client, pod, {
    configMaps: [
      ...volumes.map(({ configMap }) => configMap?.name),
      ...projections.map(({ configMap }) => configMap?.name),
    ].filter(isDefined),
    secrets: [
      ...volumes.map(({ secret }) => secret?.secretName),
      ...projections.map(({ secret }) => secret?.name),
    ].filter(isDefined),
  });
}

async function readSource(client: KubeClient, pod: Immutable<Pod>, names: Names): Promise<ConfigSource> {
  const { namespace } = pod.metadata;
  const readConfigMap: Read = async (name) => {
    const { data = {}, binaryData = {} } = await client.get(ConfigMaps, { namespace, name });
    return [name, { ...data, ...decoded(binaryData) }];
  };
  const readSecret: Read = async (name) => {
    const { data = {} } = await client.get(Secrets, { namespace, name });
    return [name, decoded(data)];
  };
  const [configMaps, secrets] = await Promise.all([
    readAll(names.configMaps, readConfigMap),
    readAll(names.secrets, readSecret),
  ]);
  return { configMap: (name) => configMaps.get(name), secret: (name) => secrets.get(name) };
}

async function readAll(names: readonly string[], read: Read): Promise<Map<string, Record<string, string>>> {
  const entries = await Promise.all(
    [...new Set(names)].map((name) =>
      read(name).catch((error: unknown) => {
        if (isNotFound(error)) {
          return undefined;
        }
        throw error;
      }),
    ),
  );
  return new Map(entries.filter(isDefined));
}

/** Values that are no text lose what UTF-8 cannot say: enough for the text that configuration is. */
function decoded(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
