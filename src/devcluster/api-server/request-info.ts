/** What a path under /api or /apis asks for. */
export interface RequestInfo {
  readonly group: string;
  readonly version: string;
  readonly namespace: string | undefined;
  /** The plural in the URL. */
  readonly resource: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/**
 * Reads a path such as `/apis/apps/v1/namespaces/default/replicasets/a/status`. Undefined for a path that names no
 * resource: discovery, health, OpenAPI.
 */
export function parseResourcePath(path: string): RequestInfo | undefined {
  const parts = path.split('/').slice(1);
  const start = startOf(parts);
  if (start === undefined || parts.includes('')) {
    return undefined;
  }
  const { group, version, rest } = start;
  const [first = '', second, third, ...tail] = rest.map(decodeURIComponent);
  if (first === 'namespaces' && third !== undefined && !isNamespaceSubresource(third, tail.length)) {
    const [name, subresource, ...more] = tail;
    return more.length > 0
      ? undefined
      : { group, version, namespace: second, resource: third, name, subresource };
  }
  return tail.length > 0
    ? undefined
    : { group, version, namespace: undefined, resource: first, name: second, subresource: third };
}

function startOf(parts: string[]): { group: string; version: string; rest: string[] } | undefined {
  const [root, ...afterRoot] = parts;
  if (root === 'api' && afterRoot.length >= 2) {
    const [version = '', ...rest] = afterRoot;
    return { group: '', version, rest };
  }
  if (root === 'apis' && afterRoot.length >= 3) {
    const [group = '', version = '', ...rest] = afterRoot;
    return { group: decodeURIComponent(group), version, rest };
  }
  return undefined;
}

/** `/namespaces/a/status` is a subresource of the Namespace, not a list of things called status. */
function isNamespaceSubresource(segment: string, following: number): boolean {
  return following === 0 && (segment === 'status' || segment === 'finalize');
}
