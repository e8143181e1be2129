import type { ApiRequest, ApiResult, VerbContext } from '../verbs/api-request.ts';
import { decodeBody } from '../verbs/decode.ts';

/** POST selfsubjectaccessreviews: there is one user, who may do all. */
export function reviewAccess(_context: VerbContext, { served, body, headers }: ApiRequest): ApiResult {
  const review = decodeBody(body, headers['content-type'], served.resource);
  return {
    kind: 'object',
    code: 201,
    object: {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: review['spec'] ?? {},
      status: { allowed: true },
    },
  };
}
