import { isObject } from '../schema/json.ts';
import { metadataOf } from '../storage/record.ts';
import { definitionDefaults } from '../custom-resources/definition-defaults.ts';
import { validateDefinition } from '../custom-resources/validate-definition.ts';
import { plainStrategy, type Strategy } from './strategy.ts';

/** Keeps a definition until its objects are gone. */
export const CLEANUP_FINALIZER = 'customresourcecleanup.apiextensions.k8s.io';

export const definitionStrategy: Strategy = {
  ...plainStrategy,
  counted: true,
  unconditionalUpdate: false,
  defaults: (definition) => definitionDefaults(definition),
  prepareForCreate: (definition) => {
    definition['status'] = {
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: storageVersions(definition['spec']),
    };
  },
  validate: validateDefinition,
  // The request to delete comes first; the objects go, then the definition.
  isHeld: (definition) => metadataOf(definition)['deletionTimestamp'] === undefined,
  // Here, upstream does not count the request to delete.
  deletionCounts: false,
  onDeletionStarted: (definition) => {
    const metadata = metadataOf(definition);
    const finalizers = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
    if (!finalizers.includes(CLEANUP_FINALIZER)) {
      definition['metadata'] = { ...metadata, finalizers: [...finalizers, CLEANUP_FINALIZER] };
    }
  },
};

function storageVersions(spec: unknown): string[] {
  const versions = isObject(spec as never) ? (spec as { versions?: unknown }).versions : undefined;
  return Array.isArray(versions)
    ? versions.flatMap((version: { name?: unknown; storage?: unknown }) =>
        version.storage === true && typeof version.name === 'string' ? [version.name] : [],
      )
    : [];
}
