import { groupVersionOf, type Resource } from '../resources/resource.ts';
import { applyDefaults } from '../schema/defaults.ts';
import { prune } from '../schema/prune.ts';
import type { JsonObject } from '../schema/schema.ts';
import { metadataOf } from '../storage/record.ts';

/** How the objects of a custom resource look in one version, and how those of this version are stored. */
export interface ServedVersion {
  readonly fromStored: (object: JsonObject) => JsonObject;
  readonly toStored: (object: JsonObject) => JsonObject;
}

/** A version of a definition, and the one in which it stores its objects since a resourceVersion. */
export interface VersionPair {
  readonly resource: Resource;
  readonly storage: Resource;
  readonly since: number;
}

/**
 * Objects are the same in all versions (conversion None), but each version drops what its schema does not know. The storage
 * version fills in its defaults as well, for objects that were written before its schema changed.
 */
export function servedVersion({ resource, storage, since }: VersionPair): ServedVersion {
  const seen = new WeakMap<JsonObject, JsonObject>();
  const read = (object: JsonObject): JsonObject => {
    // What was written under this definition is as its schema has it.
    const isCurrent = Number(metadataOf(object)['resourceVersion']) > since;
    const stored = isCurrent ? object : inVersion(object, storage);
    if (!isCurrent && storage.schema !== undefined) {
      applyDefaults(stored, storage.schema);
    }
    return resource === storage ? stored : inVersion(stored, resource);
  };
  return {
    fromStored(object) {
      const known = seen.get(object) ?? read(object);
      seen.set(object, known);
      return known;
    },
    toStored(object) {
      if (resource === storage) {
        return object;
      }
      const stored = inVersion(object, storage);
      if (storage.schema !== undefined) {
        applyDefaults(stored, storage.schema);
      }
      return stored;
    },
  };
}

function inVersion(object: JsonObject, resource: Resource): JsonObject {
  const { schema } = resource;
  const copy = structuredClone({ ...object, apiVersion: groupVersionOf(resource) });
  if (schema !== undefined) {
    prune(copy, schema);
  }
  return copy;
}
