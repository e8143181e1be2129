import { metadataOf } from '../storage/record.ts';
import type { JsonObject } from '../schema/schema.ts';

/** metav1.ObjectMeta's fields in their order. */
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** An object's JSON as Go prints it in messages: fields sorted, those of the metadata in the order of their struct. */
export function goText(object: JsonObject): string {
  const metadata = metadataOf(object);
  const ordered = METADATA.flatMap((name) => (metadata[name] === undefined ? [] : [[name, metadata[name]]]));
  const fields = Object.entries({ ...object, metadata: Object.fromEntries(ordered) as JsonObject });
  return JSON.stringify(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}
