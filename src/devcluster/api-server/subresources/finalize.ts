import { isObject } from '../schema/json.ts';
import type { JsonObject } from '../schema/schema.ts';
import { notFound } from '../status.ts';
import { keyOf, type ApiResult } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';
import { updateObject } from '../verbs/update-object.ts';
import { writeOptions } from '../verbs/write-options.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** PUT namespaces/NAME/finalize: the only door to `spec.finalizers`. The last one gone, the namespace goes. */
export function finalizeNamespace(context: SubresourceContext, request: SubresourceRequest): ApiResult {
  const { served, name = '', body, headers, query } = request;
  const options = writeOptions('UpdateOptions', query, headers);
  const wanted = decodeBody(body, headers['content-type'], served.resource);
  const live = served.collection.get(keyOf(undefined, name));
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  const spec = isObject(wanted['spec']) ? wanted['spec'] : {};
  const { finalizers = [] } = spec;
  const object: JsonObject = {
    ...live.object,
    metadata: isObject(wanted['metadata']) ? wanted['metadata'] : {},
    spec: Array.isArray(finalizers) && finalizers.length > 0 ? { finalizers } : {},
  };
  served.strategy.defaults?.(object);
  const record = updateObject(context, {
    served,
    live,
    object,
    subresource: 'finalize',
    options,
    forced: true,
  });
  return { kind: 'record', code: 200, record };
}
