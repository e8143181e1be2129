import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseResourcePath } from '../request-info.ts';
import { findSubresource, type SubresourceContext } from '../subresources/subresources.ts';
import { unknownPath } from '../status.ts';
import { checkScope, checkTimeout, isBuiltinGroup, verbFor } from './route.ts';
import { truth } from '../verbs/list-options.ts';
import type { ApiRequest, ApiResult } from '../verbs/api-request.ts';
import { readBody } from './body.ts';
import { renderResult, type Rendering } from './render.ts';
import { representationOf } from './representation.ts';
import { sendText, warningLines } from './respond.ts';
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
    if (isBuiltinGroup(info.group)) {
      throw unknownPath();
    }
    return false;
  }
  checkTimeout(url.searchParams.get('timeout'));
  const { method = 'GET', headers } = request;
  const query = url.searchParams;
  const body = method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : await readBody(request);
  const { namespace, name, subresource } = info;
  const { deprecation } = served.resource;
  const warnings = deprecation === undefined ? [] : [deprecation];
  const api: ApiRequest = { served, namespace, name, subresource, query, headers, body, warnings };
  if (!checkScope(info, served, method)) {
    return false;
  }
  try {
    await answer(context, { api, method, response });
  } catch (error) {
    // Whoever is refused is warned all the same.
    response.setHeader('Warning', warningLines(api.warnings));
    throw error;
  }
  return true;
}

async function answer(
  context: SubresourceContext,
  { api, method, response }: { api: ApiRequest; method: string; response: ServerResponse },
): Promise<void> {
  const { served, query, headers, name, subresource } = api;
  const form = representationOf(headers.accept, query, {
    custom: served.resource.custom,
    watch: name === undefined,
  });
  const rendering: Rendering = { served, form, clock: context.clock };
  if (isWatch(api, method)) {
    response.setHeader('Warning', warningLines(api.warnings));
    streamWatch(api, response, { rendering, clock: context.clock });
    return;
  }
  const own = subresource === undefined ? undefined : findSubresource(served, subresource, method);
  if (own === undefined) {
    respond(response, { result: verbFor(method, api)(context, api), rendering, api });
    return;
  }
  const result = await own(context, { ...api, method, response });
  if (result !== 'answered') {
    respond(response, { result, rendering, api });
  }
}

function respond(
  response: ServerResponse,
  { result, rendering, api }: { result: ApiResult; rendering: Rendering; api: ApiRequest },
): void {
  const code = result.kind === 'list' ? 200 : result.code;
  sendText(response, renderResult(result, rendering), { code, warnings: api.warnings });
}

function isWatch({ query, name, subresource }: ApiRequest, method: string): boolean {
  return method === 'GET' && truth(query, 'watch') && name === undefined && subresource === undefined;
}
