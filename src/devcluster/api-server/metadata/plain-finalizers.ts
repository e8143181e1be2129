import type { JsonObject } from '../schema/schema.ts';
import { metadataOf } from '../storage/record.ts';
import { STANDARD_FINALIZERS } from './validate-metadata.ts';

/** Warnings of finalizers of a custom resource that could be anybody's. */
export function plainFinalizers(object: JsonObject): string[] {
  const { finalizers } = metadataOf(object);
  return (Array.isArray(finalizers) ? finalizers : [])
    .filter((name) => typeof name === 'string')
    .filter(
      (name) => name !== '' && !name.includes(' ') && !name.includes('/') && !STANDARD_FINALIZERS.has(name),
    )
    .map(
      (name) =>
        `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers`,
    );
}
