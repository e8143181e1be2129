import { isSupportedFormat } from '../schema/formats.ts';
import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
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
  warnings: unknownFormats,
  onDeletionStarted: (definition) => {
    const metadata = metadataOf(definition);
    const finalizers = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
    delete metadata['deletionGracePeriodSeconds'];
    definition['status'] = withTerminating(definition['status'], metadata['deletionTimestamp']);
    if (!finalizers.includes(CLEANUP_FINALIZER)) {
      definition['metadata'] = { ...metadata, finalizers: [...finalizers, CLEANUP_FINALIZER] };
    }
  },
};

function withTerminating(status: Json | undefined, since: Json | undefined): JsonObject {
  const given = isObject(status) ? status : {};
  const conditions = Array.isArray(given['conditions']) ? given['conditions'] : [];
  const terminating = {
    type: 'Terminating',
    status: 'True',
    lastTransitionTime: since ?? null,
    reason: 'InstanceDeletionPending',
    message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
  };
  return { ...given, conditions: [...conditions, terminating] };
}

/** A format that nobody checks is likely a mistake. */
function unknownFormats({ spec }: JsonObject): string[] {
  const versions = isObject(spec) && Array.isArray(spec['versions']) ? spec['versions'] : [];
  return [...new Set(versions.flatMap(formatsIn))].map(
    (format) => `unrecognized format ${JSON.stringify(format)}`,
  );
}

function formatsIn(value: Json): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(formatsIn);
  }
  if (!isObject(value)) {
    return [];
  }
  const { format, type } = value;
  const isUnknown = type === 'string' && typeof format === 'string' && !isSupportedFormat(format);
  return [
    ...(isUnknown ? [format] : []),
    ...Object.values(value).flatMap((inner) => formatsIn(inner ?? null)),
  ];
}

function storageVersions(spec: unknown): string[] {
  const versions = isObject(spec as never) ? (spec as { versions?: unknown }).versions : undefined;
  return Array.isArray(versions)
    ? versions.flatMap((version: { name?: unknown; storage?: unknown }) =>
        version.storage === true && typeof version.name === 'string' ? [version.name] : [],
      )
    : [];
}
