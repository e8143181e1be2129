import type { RequestInfo } from '../request-info.ts';
import { builtinResources } from '../resources/builtin-resources.ts';
import type { Served } from '../resources/served.ts';
import {
  badRequest,
  methodNotAllowed,
  notFound,
  notSupported,
  unknownPath,
  type StatusError,
} from '../status.ts';
import { reviewAccess } from '../subresources/access-review.ts';
import type { ApiRequest, ApiResult, VerbContext } from '../verbs/api-request.ts';
import { get, list } from '../verbs/list.ts';
import { patch } from '../verbs/patch.ts';
import { create, remove, removeCollection, update } from '../verbs/writes.ts';

/**
 * A namespaced object is found only in its namespace, and created only there. False for a path that leads to no custom
 * resource: upstream answers it as it answers any other path that it does not know.
 */
export function checkScope({ namespace, name }: RequestInfo, { resource }: Served, method: string): boolean {
  const isElsewhere = resource.namespaced
    ? namespace === undefined && name !== undefined
    : namespace !== undefined;
  const isEverywhere = resource.namespaced && namespace === undefined && name === undefined;
  const isRefused = isEverywhere && method !== 'GET' && method !== 'HEAD';
  if (resource.custom) {
    return !isElsewhere && !isRefused;
  }
  if (isElsewhere) {
    throw unknownPath();
  }
  if (isRefused) {
    throw methodNotAllowed();
  }
  return true;
}

export function isBuiltinGroup(group: string): boolean {
  return builtinResources.some((builtin) => builtin.group === group);
}

/** Below `/api/` or a built-in group, as far as a version. */
export function isBuiltinPath(pathname: string): boolean {
  const [, root, first = '', ...rest] = pathname.split('/');
  return root === 'api' ? first !== '' : root === 'apis' && rest.length > 0 && isBuiltinGroup(first);
}

/** As Go's time.ParseDuration reads it. @throws StatusError 400 */
export function checkTimeout(timeout: string | null): void {
  if (
    timeout !== null &&
    timeout !== '' &&
    !/^[+-]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(timeout)
  ) {
    throw badRequest(
      `invalid timeout specified in the request URL - time: invalid duration ${JSON.stringify(timeout)}`,
    );
  }
}

type VerbHandler = (context: VerbContext, request: ApiRequest) => ApiResult;

const onCollection: Readonly<Record<string, VerbHandler>> = {
  GET: (_context, request) => list(request),
  POST: create,
  DELETE: removeCollection,
};
const onObject: Readonly<Record<string, VerbHandler>> = {
  GET: (_context, request) => get(request),
  PUT: update,
  PATCH: patch,
  DELETE: remove,
};
const onStatus: Readonly<Record<string, VerbHandler>> = {
  GET: (_context, request) => get(request),
  PUT: update,
  PATCH: patch,
};

/** What answers a request for objects or their status. @throws StatusError 404 or 405 */
export function verbFor(asked: string, request: ApiRequest): VerbHandler {
  const { served, name, subresource } = request;
  const { custom, plural } = served.resource;
  const method = asked === 'HEAD' && custom ? 'GET' : asked;
  if (subresource !== undefined && subresource !== 'status') {
    throw unknownSubresource(request, method);
  }
  if (subresource === 'status' && served.resource.subresources.status !== true) {
    throw unknownSubresource(request, method);
  }
  if (method === 'POST' && plural === 'selfsubjectaccessreviews') {
    return reviewAccess;
  }
  const handler = handlersOf({ name, subresource })[method];
  if (handler !== undefined && allowed(served, method, name)) {
    return handler;
  }
  if (!custom) {
    throw methodNotAllowed();
  }
  return customRefusal(request, method);
}

function unknownSubresource({ served, name = '', subresource }: ApiRequest, method: string): StatusError {
  const { resource } = served;
  if (subresource === 'scale' && resource.subresources.scale !== undefined) {
    return notSupported(resource, method === 'POST' ? 'create' : 'delete');
  }
  return resource.custom ? notFound(resource, name) : unknownPath();
}

function handlersOf({
  name,
  subresource,
}: Pick<ApiRequest, 'name' | 'subresource'>): Readonly<Record<string, VerbHandler>> {
  const ofWhole = name === undefined ? onCollection : onObject;
  return subresource === undefined ? ofWhole : onStatus;
}

/** Where routes leave a method out, upstream's handler of custom resources has words of its own, or none against it. */
function customRefusal(
  { served, name, subresource }: Pick<ApiRequest, 'served' | 'name' | 'subresource'>,
  method: string,
): VerbHandler {
  if (subresource !== undefined && (method === 'POST' || method === 'DELETE')) {
    throw notSupported(served.resource, method === 'POST' ? 'create' : 'delete');
  }
  if (name === undefined && (method === 'PUT' || method === 'PATCH')) {
    throw badRequest('name must be provided');
  }
  if (method === 'POST') {
    return create;
  }
  throw methodNotAllowed();
}

function allowed({ resource }: Served, method: string, name: string | undefined): boolean {
  const verb = (
    {
      GET: name === undefined ? 'list' : 'get',
      POST: 'create',
      PUT: 'update',
      PATCH: 'patch',
      DELETE: name === undefined ? 'deletecollection' : 'delete',
    } as const
  )[method];
  return verb !== undefined && resource.verbs.includes(verb);
}
