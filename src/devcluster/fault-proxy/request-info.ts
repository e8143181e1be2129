/** What a request asks an API server for, as its own authorization layer names it. */
export interface RequestInfo {
  /** `other` for what is not about resources, such as discovery and `/readyz`. */
  readonly verb: Verb;
  /** Plural, lower case, such as `pods`; undefined for verb `other`. */
  readonly resource: string | undefined;
  /** Such as `status`. */
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** A watch that goes on from a resourceVersion; one that starts with a list has none. */
  readonly resumes: boolean;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'other';

const verbs: Readonly<Record<string, Verb>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

const notResources: RequestInfo = {
  verb: 'other',
  resource: undefined,
  subresource: undefined,
  namespace: undefined,
  name: undefined,
  resumes: false,
};

/** `/api/v1/...` and `/apis/<group>/<version>/...`: what comes before the resource. */
const root = /^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\//;

/** @param url path and query as the request line has them */
export function requestInfo(method: string, url: string): RequestInfo {
  const { pathname, searchParams } = new URL(url, 'https://server');
  const prefix = root.exec(pathname)?.[0];
  if (prefix === undefined) {
    return notResources;
  }
  const parts = pathname.slice(prefix.length).split('/').map(decodeURIComponent);
  // A namespace is itself a resource: only what comes after its name is in it.
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && parts[2] !== 'status';
  const [resource, name, subresource] = inNamespace ? parts.slice(2) : parts;
  return {
    verb: verbOf(method, { watch: searchParams.get('watch'), named: name !== undefined }),
    resource,
    subresource,
    namespace: inNamespace ? parts[1] : undefined,
    name,
    resumes: searchParams.has('resourceVersion') && searchParams.get('sendInitialEvents') !== 'true',
  };
}

function verbOf(method: string, { watch, named }: { watch: string | null; named: boolean }): Verb {
  if (method !== 'GET') {
    return verbs[method] ?? 'other';
  }
  if (watch === 'true' || watch === '1') {
    return 'watch';
  }
  return named ? 'get' : 'list';
}
