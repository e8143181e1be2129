import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseResourcePath, type RequestInfo } from '../request-info.ts';
import type { Served } from '../resources/served.ts';
import { methodNotAllowed, unknownPath } from '../status.ts';
import { reviewAccess } from '../subresources/access-review.ts';
import { findSubresource, type SubresourceContext } from '../subresources/subresources.ts';
import { get, list } from '../verbs/list.ts';
import { truth } from '../verbs/list-options.ts';
import { patch } from '../verbs/patch.ts';
import { create, remove, removeCollection, update } from '../verbs/writes.ts';
import type { ApiRequest, ApiResult, VerbContext } from '../verbs/api-request.ts';
import { readBody } from './body.ts';
import { renderResult, type Rendering } from './render.ts';
import { representationOf } from './representation.ts';
import { sendText } from './respond.ts';
import { streamWatch } from './watch-response.ts';

/** Answers a request for objects. False when the path names no resource. @throws StatusError */
export async function dispatchResource(
  context: SubresourceContext,
  { request, response, url }: { request: IncomingMessage; response: ServerResponse; url: URL },
): Promise<boolean> {
  const info = parseResourcePath(url.pathname);
  if (info === undefined) {
    return false;
  }
  const served = context.registry.find(info.group, info.version, info.resource);
  if (served === undefined) {
    throw unknownPath();
  }
  const { method = 'GET', headers } = request;
  const query = url.searchParams;
  const body = method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : await readBody(request);
  const { namespace, name, subresource } = info;
  const { deprecation } = served.resource;
  const warnings = deprecation === undefined ? [] : [deprecation];
  const api: ApiRequest = { served, namespace, name, subresource, query, headers, body, warnings };
  checkScope(info, served, method);
  const rendering: Rendering = {
    served,
    form: representationOf(headers.accept, query),
    clock: context.clock,
  };
  if (isWatch(api, method)) {
    streamWatch(api, response, { rendering, clock: context.clock });
    return true;
  }
  const own = subresource === undefined ? undefined : findSubresource(served, subresource, method);
  if (own !== undefined) {
    const answer = await own(context, { ...api, method, response });
    if (answer === 'answered') {
      return true;
    }
    respond(response, { result: answer, rendering, api });
    return true;
  }
  const handle =
    method === 'POST' && served.resource.plural === 'selfsubjectaccessreviews'
      ? reviewAccess
      : verbFor(method, api);
  respond(response, { result: handle(context, api), rendering, api });
  return true;
}

function respond(
  response: ServerResponse,
  { result, rendering, api }: { result: ApiResult; rendering: Rendering; api: ApiRequest },
): void {
  const code = result.kind === 'list' ? 200 : result.code;
  sendText(response, renderResult(result, rendering), { code, warnings: api.warnings });
}

function isWatch({ query, name, subresource }: ApiRequest, method: string): boolean {
  const asked = query.has('watch') && truth(query, 'watch');
  return method === 'GET' && asked && subresource === undefined && (name === undefined || asked);
}

/** A namespaced object is found only in its namespace, and created only there. */
function checkScope({ namespace, name }: RequestInfo, { resource }: Served, method: string): void {
  if (!resource.namespaced && namespace !== undefined) {
    throw unknownPath();
  }
  if (!resource.namespaced || namespace !== undefined) {
    return;
  }
  if (name !== undefined) {
    throw unknownPath();
  }
  if (method !== 'GET' && method !== 'DELETE') {
    throw methodNotAllowed();
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

function verbFor(method: string, { served, name, subresource }: ApiRequest): VerbHandler {
  if (
    subresource !== undefined &&
    (subresource !== 'status' || served.resource.subresources.status !== true)
  ) {
    throw unknownPath();
  }
  const handlers = subresource !== undefined ? onStatus : name === undefined ? onCollection : onObject;
  const handler = handlers[method];
  if (handler === undefined || !allowed(served, method, name)) {
    throw methodNotAllowed();
  }
  return handler;
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
