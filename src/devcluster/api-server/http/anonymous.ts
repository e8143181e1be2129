import { parseResourcePath, type RequestInfo } from '../request-info.ts';
import { qualifiedName } from '../resources/resource.ts';
import { StatusError } from '../status.ts';

/** What everybody may read (ClusterRole system:public-info-viewer). */
const PUBLIC = /^\/(healthz|livez|readyz|version)\/?$/;
const USER = 'User "system:anonymous"';

/** Somebody without a token may only see that the server lives. @throws StatusError 403 */
export function refuseAnonymous(method: string, { pathname, searchParams }: URL): void {
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && PUBLIC.test(pathname)) {
    return;
  }
  const info = parseResourcePath(pathname);
  if (info === undefined) {
    const message = `forbidden: ${USER} cannot ${method.toLowerCase()} path ${JSON.stringify(pathname)}`;
    throw new StatusError(403, 'Forbidden', message, { details: {} });
  }
  const { group, resource, name, namespace, subresource } = info;
  const plural = subresource === undefined ? resource : `${resource}/${subresource}`;
  const subject = `${qualifiedName({ plural: resource, group })}${name === undefined ? '' : ` ${JSON.stringify(name)}`}`;
  const scope =
    namespace === undefined ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  const verb = verbOf(method, info, searchParams.has('watch'));
  const message = `${subject} is forbidden: ${USER} cannot ${verb} resource ${JSON.stringify(plural)} in API group ${JSON.stringify(group)} ${scope}`;
  throw new StatusError(403, 'Forbidden', message, {
    details: {
      ...(name === undefined ? {} : { name }),
      ...(group === '' ? {} : { group }),
      kind: resource,
    },
  });
}

function verbOf(method: string, { name }: RequestInfo, watches: boolean): string {
  if (method === 'GET' || method === 'HEAD') {
    return name !== undefined ? 'get' : watches ? 'watch' : 'list';
  }
  const verbs: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };
  return verbs[method] ?? (name === undefined ? 'deletecollection' : 'delete');
}
