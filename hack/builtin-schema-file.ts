/*
 * The schemas of the built-in kinds that the embedded API server serves, out of a real server's OpenAPI v3 documents: each
 * definition once, with `$ref`s between them, descriptions included, because `kubectl explain` shows them.
 */
import type { OpenApiDocument, SchemaNode } from './pod-template-schema.ts';

/** Group versions whose documents are needed, as the server's paths name them. */
export const GROUP_VERSIONS = [
  'api/v1',
  'apis/apps/v1',
  'apis/coordination.k8s.io/v1',
  'apis/events.k8s.io/v1',
  'apis/scheduling.k8s.io/v1',
  'apis/rbac.authorization.k8s.io/v1',
  'apis/apiextensions.k8s.io/v1',
] as const;

/** `group/version/kind`, without a group for the core group. */
const KINDS: Readonly<Record<string, string>> = {
  '/v1/Pod': 'io.k8s.api.core.v1.Pod',
  '/v1/Node': 'io.k8s.api.core.v1.Node',
  '/v1/Namespace': 'io.k8s.api.core.v1.Namespace',
  '/v1/ConfigMap': 'io.k8s.api.core.v1.ConfigMap',
  '/v1/Secret': 'io.k8s.api.core.v1.Secret',
  '/v1/Service': 'io.k8s.api.core.v1.Service',
  '/v1/ServiceAccount': 'io.k8s.api.core.v1.ServiceAccount',
  '/v1/Event': 'io.k8s.api.core.v1.Event',
  '/v1/PersistentVolumeClaim': 'io.k8s.api.core.v1.PersistentVolumeClaim',
  '/v1/Binding': 'io.k8s.api.core.v1.Binding',
  'apps/v1/ControllerRevision': 'io.k8s.api.apps.v1.ControllerRevision',
  'apps/v1/ReplicaSet': 'io.k8s.api.apps.v1.ReplicaSet',
  'apps/v1/Deployment': 'io.k8s.api.apps.v1.Deployment',
  'coordination.k8s.io/v1/Lease': 'io.k8s.api.coordination.v1.Lease',
  'events.k8s.io/v1/Event': 'io.k8s.api.events.v1.Event',
  'scheduling.k8s.io/v1/PriorityClass': 'io.k8s.api.scheduling.v1.PriorityClass',
  'rbac.authorization.k8s.io/v1/Role': 'io.k8s.api.rbac.v1.Role',
  'rbac.authorization.k8s.io/v1/ClusterRole': 'io.k8s.api.rbac.v1.ClusterRole',
  'rbac.authorization.k8s.io/v1/RoleBinding': 'io.k8s.api.rbac.v1.RoleBinding',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  'apiextensions.k8s.io/v1/CustomResourceDefinition':
    'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition',
  'autoscaling/v1/Scale': 'io.k8s.api.autoscaling.v1.Scale',
  'meta.k8s.io/v1/DeleteOptions': 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
  'meta.k8s.io/v1/ListMeta': 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta',
  'meta.k8s.io/v1/ObjectMeta': 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
};

const PREFIX = '#/components/schemas/';

/** What the file holds; `definitions` in order of their names. */
export interface BuiltinSchemaFile {
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, SchemaNode>>;
}

/** The kinds above and all that they refer to. */
export function builtinSchemaFile(documents: readonly OpenApiDocument[]): BuiltinSchemaFile {
  const all = new Map(documents.flatMap(({ components }) => Object.entries(components.schemas)));
  const found = new Map<string, SchemaNode>();
  const add = (name: string): void => {
    if (found.has(name)) {
      return;
    }
    const node = all.get(name);
    if (node === undefined) {
      throw new Error(`The documents lack the schema '${name}'.`);
    }
    const kept = withoutZeroDefaults(node, { isSchema: true }) as SchemaNode;
    found.set(name, kept);
    for (const reference of references(kept)) {
      add(reference);
    }
  };
  Object.values(KINDS).forEach(add);
  return { kinds: KINDS, definitions: Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** Defaults such as `{}` and `""` are zero values of Go, not of the API: nothing is filled in by them. */
function withoutZeroDefaults(value: unknown, at: { readonly isSchema: boolean }): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withoutZeroDefaults(item, { isSchema: true }));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept = Object.entries(value).filter(
    ([name, inner]) => !(at.isSchema && name === 'default' && isZero(inner)),
  );
  return Object.fromEntries(
    kept.map(([name, inner]) => [name, withoutZeroDefaults(inner, { isSchema: name !== 'properties' })]),
  );
}

function isZero(value: unknown): boolean {
  return JSON.stringify(value) === '{}' || value === '' || value === 0 || value === false;
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(references);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '$ref' && typeof inner === 'string' ? [inner.slice(PREFIX.length)] : references(inner),
  );
}
