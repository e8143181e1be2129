import { textOf } from '../json-text.ts';
import { rfc3339 } from '../../../time/clock.ts';
import { qualifiedKind, type Resource } from '../resources/resource.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import { StatusError } from '../status.ts';
import { metadataOf, type StoredRecord } from '../storage/record.ts';
import type { VerbContext } from './api-request.ts';
import type { DeleteOptions } from './delete-options.ts';
import { isHeld } from './release.ts';
import { unsaved } from './unsaved.ts';

export interface Deletion {
  readonly record: StoredRecord;
  /** False while a finalizer or the grace period keeps the object. */
  readonly gone: boolean;
}

/** Deletes, or begins to. @throws StatusError 409 when a precondition does not hold */
export function deleteObject(
  context: VerbContext,
  { served, live }: { served: Served; live: StoredRecord },
  options: DeleteOptions,
): Deletion {
  served.strategy.refuseDeletion?.(live.name);
  checkPreconditions(served.resource, live, options);
  const metadata: JsonObject = { ...metadataOf(live.object) };
  const object: JsonObject = { ...live.object, metadata };
  setPropagationFinalizers(metadata, options);
  const grace = served.strategy.graceSeconds?.(object, options.gracePeriodSeconds) ?? 0;
  const finished = grace === 0 && !isHeld(served, object);
  if (finished) {
    const graceful = served.strategy.graceSeconds !== undefined;
    return { record: removed(context, { served, live, graceful }, options), gone: true };
  }
  const begun = begin(metadata, {
    grace,
    now: context.clock.now(),
    counts: served.strategy.deletionCounts !== false,
  });
  if (!begun && sameFinalizers(metadata, metadataOf(live.object))) {
    return { record: live, gone: false };
  }
  served.strategy.onDeletionStarted?.(object);
  return { record: options.dryRun ? unsaved(object) : served.collection.put(object), gone: false };
}

/** The last state, marked as deleted where the kind knows grace, as upstream answers it. */
function removed(
  { clock }: VerbContext,
  { served, live, graceful }: { served: Served; live: StoredRecord; graceful: boolean },
  { dryRun }: DeleteOptions,
): StoredRecord {
  if (dryRun) {
    return live;
  }
  if (graceful) {
    const metadata = metadataOf(live.object);
    served.collection.put({
      ...live.object,
      metadata: {
        ...metadata,
        ...(metadata['deletionTimestamp'] === undefined ? nextGeneration(metadata) : {}),
        deletionTimestamp: rfc3339(clock.now()),
        deletionGracePeriodSeconds: 0,
      },
    });
  }
  return served.collection.remove(live.key) ?? live;
}

/** Marks the object, or shortens the grace that it was given before. False when nothing changes. */
function begin(
  metadata: JsonObject,
  { grace, now, counts }: { grace: number; now: number; counts: boolean },
): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  const before = typeof deletionGracePeriodSeconds === 'number' ? deletionGracePeriodSeconds : 0;
  if (typeof deletionTimestamp === 'string') {
    if (grace >= before) {
      return false;
    }
    const asked = Date.parse(deletionTimestamp) - before * 1000;
    metadata['deletionTimestamp'] = rfc3339(asked + grace * 1000);
  } else {
    Object.assign(metadata, counts ? nextGeneration(metadata) : {});
    metadata['deletionTimestamp'] = rfc3339(now + grace * 1000);
  }
  metadata['deletionGracePeriodSeconds'] = grace;
  return true;
}

/** The request to delete counts as a change of what is wanted. */
function nextGeneration({ generation }: JsonObject): JsonObject {
  return typeof generation === 'number' && generation > 0 ? { generation: generation + 1 } : {};
}

function setPropagationFinalizers(metadata: JsonObject, { propagation }: DeleteOptions): void {
  if (propagation === undefined) {
    return;
  }
  const wanted = { Orphan: 'orphan', Foreground: 'foregroundDeletion', Background: undefined }[propagation];
  const present = Array.isArray(metadata['finalizers']) ? metadata['finalizers'] : [];
  const others = present.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
  const finalizers = wanted === undefined ? others : [...others, wanted];
  if (finalizers.length > 0) {
    metadata['finalizers'] = finalizers;
  } else {
    delete metadata['finalizers'];
  }
}

function sameFinalizers(after: JsonObject, before: JsonObject): boolean {
  return JSON.stringify(after['finalizers'] ?? []) === JSON.stringify(before['finalizers'] ?? []);
}

function checkPreconditions(resource: Resource, live: StoredRecord, options: DeleteOptions): void {
  const uid = metadataOf(live.object)['uid'];
  if (options.uid !== undefined && options.uid !== uid) {
    throw preconditionFailed(
      resource,
      live.name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${textOf(uid)}). The object might have been deleted and then recreated`,
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== String(live.revision)) {
    throw preconditionFailed(
      resource,
      live.name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${live.revision}). The object might have been modified`,
    );
  }
}

function preconditionFailed(resource: Resource, name: string, why: string): StatusError {
  const { group, kind } = resource;
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedKind(resource)} ${JSON.stringify(name)}: ${why}`,
    { details: { name, ...(group === '' ? {} : { group }), kind } },
  );
}
