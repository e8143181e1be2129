import type { ServerResponse } from 'node:http';
import type { Served } from '../resources/served.ts';
import type { ApiRequest, ApiResult, VerbContext } from '../verbs/api-request.ts';
import { bindPod } from './binding.ts';
import { evictPod } from './eviction.ts';
import { finalizeNamespace } from './finalize.ts';
import { podLog } from './log.ts';
import { scale } from './scale.ts';

/** What subresources work on: what verbs work on, and how nodes are reached. */
export type SubresourceContext = VerbContext & {
  readonly kubeletClient: { readonly certificate: string; readonly key: string };
};

/** A request for a subresource; one that streams answers by itself. */
export type SubresourceRequest = ApiRequest & {
  readonly method: string;
  readonly response: ServerResponse;
};

export type SubresourceHandler = (
  context: SubresourceContext,
  request: SubresourceRequest,
) => ApiResult | Promise<ApiResult | 'answered'>;

const handlers: Readonly<Record<string, SubresourceHandler>> = {
  'POST pods/binding': bindPod,
  'POST pods/eviction': evictPod,
  'GET pods/log': podLog,
  'PUT namespaces/finalize': finalizeNamespace,
};

const scaleMethods = new Set(['GET', 'PUT', 'PATCH']);

/** The handler of a subresource that is more than another door to the object; undefined for `status`. */
export function findSubresource(
  { resource }: Served,
  subresource: string,
  method: string,
): SubresourceHandler | undefined {
  if (subresource === 'scale' && resource.subresources.scale !== undefined && scaleMethods.has(method)) {
    return scale;
  }
  return resource.group === '' ? handlers[`${method} ${resource.plural}/${subresource}`] : undefined;
}
