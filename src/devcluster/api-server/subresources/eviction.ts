import { isObject } from '../schema/json.ts';
import { notFound } from '../status.ts';
import { keyOf, type ApiResult } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';
import { deleteObject } from '../verbs/delete-object.ts';
import { deleteOptions } from '../verbs/delete-options.ts';
import { checkName } from './check-name.ts';
import type { SubresourceContext, SubresourceRequest } from './subresources.ts';

/** POST pods/NAME/eviction: a deletion that disruption budgets could refuse; this server has none. */
export function evictPod(context: SubresourceContext, request: SubresourceRequest): ApiResult {
  const { served, namespace, name = '', body, headers, query } = request;
  const eviction = decodeBody(body, headers['content-type'], { kind: 'Eviction' });
  checkName(eviction, { name, kind: 'Eviction' });
  const given = isObject(eviction['deleteOptions']) ? eviction['deleteOptions'] : {};
  const live = served.collection.get(keyOf(namespace, name));
  if (live === undefined) {
    throw notFound(served.resource, name);
  }
  const options = deleteOptions({ query, headers: {}, body: Buffer.from(JSON.stringify(given)) });
  deleteObject(context, { served, live }, options);
  return {
    kind: 'object',
    code: 201,
    object: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 },
  };
}
