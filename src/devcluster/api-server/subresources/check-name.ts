import type { JsonObject } from '../schema/schema.ts';
import { badRequest } from '../status.ts';
import { metadataOf } from '../storage/record.ts';

/** Sees that what is sent to a pod's subresource speaks of this pod. @throws StatusError 400 */
export function checkName(object: JsonObject, { name, kind }: { name: string; kind: string }): void {
  const given = metadataOf(object)['name'] ?? '';
  if (given !== '' && given !== name) {
    throw badRequest(`name in URL does not match name in ${kind} object`);
  }
}
