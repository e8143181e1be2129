import { rfc3339 } from '../../time/clock.ts';
import { definitionStatus, isEstablished } from './custom-resources/definition-status.ts';
import { definedResources } from './custom-resources/served-resources.ts';
import { servedVersion } from './custom-resources/served-version.ts';
import { trackUpdate } from './managed-fields/track-update.ts';
import { builtinSchema } from './schema/builtin-schemas.ts';
import { qualifiedName } from './resources/resource.ts';
import type { Served } from './resources/served.ts';
import { isObject, jsonEquals } from './schema/json.ts';
import type { JsonObject } from './schema/schema.ts';
import { metadataOf } from './storage/record.ts';
import type { Store } from './storage/store.ts';
import { customStrategy } from './strategies/custom.ts';
import { CLEANUP_FINALIZER } from './strategies/custom-resource-definition.ts';
import { deleteObject } from './verbs/delete-object.ts';
import type { VerbContext } from './verbs/api-request.ts';

const DEFINITION = { group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' };

/**
 * Serves what CustomResourceDefinitions define: names them accepted and established soon after they are written, and when one
 * is deleted, deletes its objects first. Returns the way to end it.
 */
export function startDefinitions(context: VerbContext): () => void {
  const { store, registry, clock } = context;
  const definitions = store.collection('customresourcedefinitions.apiextensions.k8s.io');
  const due = new Set<string>();
  const watched = new Map<string, () => void>();
  const compiled = new Map<string, { readonly parts: JsonObject; readonly served: readonly Served[] }>();
  /** Ends the watches of a resource that is no longer served. */
  const doors = new Map<string, AbortController>();
  let scheduled: NodeJS.Immediate | undefined;

  /** After the write that is under way: whoever created the definition sees it without a status first, as upstream. */
  function schedule(key: string): void {
    due.add(key);
    scheduled ??= setImmediate(() => {
      scheduled = undefined;
      const keys = [...due];
      due.clear();
      keys.forEach(process);
    });
  }

  function process(key: string): void {
    const record = definitions.get(key);
    if (record === undefined) {
      serve(key, undefined);
      watched.get(key)?.();
      watched.delete(key);
      return;
    }
    const { object } = record;
    if (metadataOf(object)['deletionTimestamp'] !== undefined) {
      finalize(key, object);
      return;
    }
    const others = definitions.records().flatMap((other) => (other.key === key ? [] : [other.object]));
    const status = definitionStatus(object, others, rfc3339(clock.now()));
    const settled = jsonEquals(status, object['status']) ? object : { ...object, status };
    serve(key, isEstablished(settled) ? settled : undefined);
    if (settled !== object) {
      definitions.put(ownedByServer(object, settled, rfc3339(clock.now())));
    }
  }

  function serve(key: string, definition: JsonObject | undefined): void {
    if (definition === undefined) {
      compiled.delete(key);
      registry.setCustom(key, []);
      doors.get(key)?.abort();
      doors.delete(key);
      return;
    }
    const door = doors.get(key) ?? new AbortController();
    doors.set(key, door);
    registry.setCustom(
      key,
      compiledOf(key, definition).map((served) => ({ ...served, closed: door.signal })),
    );
  }

  /** Rules are compiled once for each change of the spec, not for each change of the status. */
  function compiledOf(key: string, definition: JsonObject): readonly Served[] {
    const parts = { spec: definition['spec'], names: acceptedNames(definition) };
    const known = compiled.get(key);
    if (known !== undefined && jsonEquals(known.parts, parts)) {
      return known.served;
    }
    const served = servedOf(definition, store);
    compiled.set(key, { parts, served });
    return served;
  }

  /** Deletes the objects; the last of them lets the definition go. */
  function finalize(key: string, definition: JsonObject): void {
    const finalizers = metadataOf(definition)['finalizers'];
    if (!Array.isArray(finalizers) || !finalizers.includes(CLEANUP_FINALIZER)) {
      return;
    }
    const [served] = compiledOf(key, definition);
    if (served !== undefined) {
      emptyOut(served, context);
      if (served.collection.size > 0) {
        watched.get(key)?.();
        watched.set(
          key,
          served.collection.listen(({ current }) => {
            if (current === undefined) {
              schedule(key);
            }
          }),
        );
        return;
      }
    }
    const left = finalizers.filter((name) => name !== CLEANUP_FINALIZER);
    const { finalizers: _all, ...metadata } = metadataOf(definition);
    definitions.put({
      ...definition,
      metadata: left.length > 0 ? { ...metadata, finalizers: left } : metadata,
    });
    if (left.length === 0) {
      definitions.remove(key);
    }
  }

  const stopListening = definitions.listen(({ key }) => schedule(key));
  return () => {
    stopListening();
    watched.forEach((stop) => stop());
    clearImmediate(scheduled);
  };
}

/** The server itself writes the status, and is its manager. */
function ownedByServer(before: JsonObject, after: JsonObject, time: string): JsonObject {
  return trackUpdate({
    before,
    after: { ...after, metadata: { ...metadataOf(after) } },
    schema: builtinSchema(DEFINITION),
    writer: {
      manager: 'kube-apiserver',
      operation: 'Update',
      apiVersion: 'apiextensions.k8s.io/v1',
      subresource: 'status',
      time,
    },
  });
}

function emptyOut(served: Served, context: VerbContext): void {
  const options = {
    dryRun: false,
    gracePeriodSeconds: undefined,
    propagation: undefined,
    uid: undefined,
    resourceVersion: undefined,
  };
  for (const live of served.collection.records()) {
    if (metadataOf(live.object)['deletionTimestamp'] === undefined) {
      deleteObject(context, { served, live }, options);
    }
  }
}

/** All versions of a definition share one collection. */
function servedOf(definition: JsonObject, store: Store): Served[] {
  const resources = definedResources(definition);
  const storage = resources.find(({ isStorage }) => isStorage)?.resource;
  const since = store.revision;
  return resources
    .filter(({ isServed }) => isServed)
    .map(({ resource }) => ({
      resource,
      collection: store.collection(qualifiedName(resource)),
      strategy: customStrategy(resource),
      ...servedVersion({ resource, storage: storage ?? resource, since }),
    }));
}

function acceptedNames({ status }: JsonObject): JsonObject {
  const names = isObject(status) ? status['acceptedNames'] : undefined;
  return isObject(names) ? names : {};
}
