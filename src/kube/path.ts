import type { KubeObject, ObjectKey, ResourceType } from '../api/kube-object.ts';

/** What a path leads to: a collection when `name` is absent, else one object or a subresource of it. */
export interface PathTarget extends Partial<ObjectKey> {
  /** Such as `status`. */
  readonly subresource?: string;
}

/**
 * The URL path of a resource, without the server's own prefix. A collection of a namespaced type without a namespace is
 * that of all namespaces.
 * @throws TypeError for a name that would lead somewhere else: an empty name would turn the deletion of one object into
 *   the deletion of all.
 */
export function resourcePath(type: ResourceType<KubeObject>, target: PathTarget = {}): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const parts = [root];
  if (type.namespaced && target.namespace !== undefined) {
    parts.push('namespaces', segment(target.namespace, 'namespace'));
  }
  parts.push(type.plural);
  if (target.name !== undefined) {
    if (type.namespaced && target.namespace === undefined) {
      throw new TypeError(`${type.kind} ${target.name} needs a namespace`);
    }
    parts.push(segment(target.name, 'name'));
    if (target.subresource !== undefined) {
      parts.push(segment(target.subresource, 'subresource'));
    }
  }
  return parts.join('/');
}

/** Appends the parameters that are not undefined. */
export function withQuery(
  path: string,
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = Object.entries(parameters)
    .filter((entry): entry is [string, string | number | boolean] => entry[1] !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/** The characters that Kubernetes itself forbids in names because they are parts of a path. */
function segment(value: string, what: string): string {
  if (value === '' || value === '.' || value === '..' || /[/%]/.test(value)) {
    throw new TypeError(`${JSON.stringify(value)} cannot be the ${what} of an object`);
  }
  return encodeURIComponent(value);
}
