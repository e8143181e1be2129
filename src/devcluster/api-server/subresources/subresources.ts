import type { ServerResponse } from 'node:http';
import type { Served } from '../resources/served.ts';
import type { ApiRequest, ApiResult, VerbContext } from '../verbs/api-request.ts';

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

const handlers = new Map<string, SubresourceHandler>([]);

/** The handler of a subresource that is more than another door to the object; undefined for `status`. */
export function findSubresource(
  { resource }: Served,
  subresource: string,
  method: string,
): SubresourceHandler | undefined {
  return handlers.get(`${method} ${resource.plural}/${subresource}`);
}
