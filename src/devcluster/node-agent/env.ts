import type { Container, EnvVar, Pod } from '../../api/builtin.ts';
import type { Immutable } from '../../api/kube-object.ts';

/** Content of the ConfigMaps and Secrets that a pod names, decoded. Undefined when there is none of that name. */
export interface ConfigSource {
  configMap(name: string): Readonly<Record<string, string>> | undefined;
  secret(name: string): Readonly<Record<string, string>> | undefined;
}

/** A container cannot start as its configuration stands; kubelet's reason `CreateContainerConfigError`. */
export class ContainerConfigError extends Error {
  override readonly name = 'ContainerConfigError';
}

export interface EnvInput {
  readonly pod: Immutable<Pod>;
  readonly container: Immutable<Container>;
  readonly source: ConfigSource;
  /** What the agent itself gives: ports, GPUs. The pod's own variables win. */
  readonly given: Readonly<Record<string, string>>;
  /** The pod's address. */
  readonly podIP: string;
}

/**
 * A container's environment: `envFrom` first, then `env` in order, `$(NAME)` replaced by what is known by then.
 * @throws ContainerConfigError for a missing ConfigMap, Secret or key that is not optional
 */
export function containerEnv(input: EnvInput): Record<string, string> {
  const env: Record<string, string> = { ...input.given };
  for (const from of input.container.envFrom ?? []) {
    const pairs = envFromPairs(from, input.source);
    for (const [key, value] of Object.entries(pairs)) {
      env[`${from.prefix ?? ''}${key}`] = value;
    }
  }
  for (const variable of input.container.env ?? []) {
    const value = valueOf(variable, input);
    if (value !== undefined) {
      env[variable.name] = variable.valueFrom === undefined ? expandReferences(value, env) : value;
    }
  }
  return env;
}

/**
 * Replaces `$(NAME)` by the variable, as Kubernetes does in `env`, `command` and `args`: `$$(NAME)` gives `$(NAME)`, and an
 * unknown name stays as it is.
 */
export function expandReferences(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()]*)\)/g, (found: string, name: string | undefined) => {
    if (name === undefined) {
      return '$';
    }
    return Object.hasOwn(env, name) ? (env[name] ?? found) : found;
  });
}

type EnvFrom = NonNullable<Immutable<Container>['envFrom']>[number];

function envFromPairs(from: EnvFrom, source: ConfigSource): Readonly<Record<string, string>> {
  const { configMapRef, secretRef } = from;
  if (configMapRef !== undefined) {
    return (
      required(
        source.configMap(configMapRef.name),
        configMapRef,
        `configmap "${configMapRef.name}" not found`,
      ) ?? {}
    );
  }
  if (secretRef !== undefined) {
    return required(source.secret(secretRef.name), secretRef, `secret "${secretRef.name}" not found`) ?? {};
  }
  return {};
}

function valueOf(variable: Immutable<EnvVar>, input: EnvInput): string | undefined {
  const { value, valueFrom } = variable;
  if (valueFrom === undefined) {
    return value ?? '';
  }
  const { fieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) {
    return fieldValue(fieldRef.fieldPath, input);
  }
  if (configMapKeyRef !== undefined) {
    return keyValue('configmap', input.source.configMap(configMapKeyRef.name), configMapKeyRef);
  }
  if (secretKeyRef !== undefined) {
    return keyValue('secret', input.source.secret(secretKeyRef.name), secretKeyRef);
  }
  throw new ContainerConfigError(
    `the source of the variable ${variable.name} is of a kind that the node agent does not know`,
  );
}

interface KeyRef {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

function keyValue(
  kind: 'configmap' | 'secret',
  data: Readonly<Record<string, string>> | undefined,
  ref: KeyRef,
): string | undefined {
  const content = required(data, ref, `${kind} "${ref.name}" not found`);
  return required(content?.[ref.key], ref, `couldn't find key ${ref.key} in ${kind} "${ref.name}"`);
}

function required<T>(
  value: T | undefined,
  { optional }: { readonly optional?: boolean },
  problem: string,
): T | undefined {
  if (value === undefined && optional !== true) {
    throw new ContainerConfigError(problem);
  }
  return value;
}

/** A field of the pod by its path, for `fieldRef` and downward volumes. */
export function fieldValue(
  path: string,
  { pod, podIP }: { readonly pod: Immutable<Pod>; readonly podIP: string },
): string {
  const { metadata, spec } = pod;
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed !== null) {
    const map = keyed[1] === 'labels' ? metadata.labels : metadata.annotations;
    return map?.[keyed[2] ?? ''] ?? '';
  }
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'metadata.labels': formatMap(metadata.labels),
    'metadata.annotations': formatMap(metadata.annotations),
    'spec.nodeName': spec.nodeName,
    'spec.serviceAccountName': spec.serviceAccountName ?? 'default',
    'status.podIP': podIP,
    'status.podIPs': podIP,
    'status.hostIP': '127.0.0.1',
    'status.hostIPs': '127.0.0.1',
  };
  if (!Object.hasOwn(fields, path)) {
    throw new ContainerConfigError(`the node agent does not know the field ${path}`);
  }
  return fields[path] ?? '';
}

/** kubelet: one `key="value"` a line, sorted. */
function formatMap(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
