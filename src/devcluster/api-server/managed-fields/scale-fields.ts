import type { Json, JsonObject } from '../schema/schema.ts';
import { difference, hasPath, isEmpty, setOf } from './field-set.ts';
import { managedFieldsOf, readManagers, withManagers, type ManagedEntry, type Managers } from './managers.ts';
import { fieldElement, type Path } from './path-element.ts';

/** The version in which Scales are written. */
const SCALE_VERSION = 'autoscaling/v1';
const replicasOfScale: Path = ['spec', 'replicas'].map(fieldElement);

/** A resource with a scale subresource. */
export interface ScaledResource {
  /** Version of the scaled object, such as `apps/v1`. */
  readonly apiVersion: string;
  /** Where it has its wanted replicas, such as `.spec.replicas`. */
  readonly specReplicasPath: string;
}

/**
 * metadata.managedFields for the Scale of an object: those entries that own its replicas, as owners of the Scale's. Undefined when
 * there is none (apimachinery, managedfields/scalehandler.go).
 */
export function scaleManagedFields(parent: JsonObject, resource: ScaledResource): Json | undefined {
  const path = pathOf(resource);
  const entries: Managers = new Map();
  for (const [id, entry] of readManagers(parent)) {
    if (entry.apiVersion === resource.apiVersion && hasPath(entry.fields, path)) {
      entries.set(id, { ...entry, apiVersion: SCALE_VERSION, fields: setOf(replicasOfScale) });
    }
  }
  return managedFieldsOf(withManagers({}, entries));
}

/**
 * The scaled object, to be stored, with the owners that it has after its Scale was written. As upstream, whoever owned the replicas by
 * an Update keeps them in an entry of their own. `scale` is the Scale as {@link trackUpdate} or {@link applyConfiguration} returned it.
 */
export function withScaleManagers(
  parent: JsonObject,
  scale: JsonObject,
  resource: ScaledResource,
): JsonObject {
  const path = pathOf(resource);
  const scaleEntries = new Map(readManagers(scale));
  const entries: Managers = new Map();
  for (const [id, entry] of readManagers(parent)) {
    if (entry.apiVersion !== resource.apiVersion) {
      continue;
    }
    const kept = scaleEntries.delete(id) ? entry : without(entry, path);
    if (!isEmpty(kept.fields)) {
      entries.set(id, kept);
    }
  }
  for (const [id, { time: _, ...entry }] of scaleEntries) {
    if (hasPath(entry.fields, replicasOfScale)) {
      // Without a time: upstream looks for one among the object's own entries.
      entries.set(id, { ...entry, apiVersion: resource.apiVersion, fields: setOf(path) });
    }
  }
  return withManagers(parent, entries);
}

function without(entry: ManagedEntry, path: Path): ManagedEntry {
  return { ...entry, fields: difference(entry.fields, setOf(path)) };
}

function pathOf({ specReplicasPath }: ScaledResource): Path {
  return specReplicasPath.replace(/^\./, '').split('.').map(fieldElement);
}
