import type { JsonObject } from '../schema/schema.ts';
import type { Collection } from '../storage/collection.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Resource } from './resource.ts';

/** A resource that this server answers for: what it looks like, where its objects are, what is particular to it. */
export interface Served {
  readonly resource: Resource;
  readonly collection: Collection;
  readonly strategy: Strategy;
  /** Aborted when the resource is no longer served; absent for what is always there. */
  readonly closed?: AbortSignal;
  /** From the stored form to this version; absent when only `apiVersion` differs. */
  readonly fromStored?: (object: JsonObject) => JsonObject;
  /** From this version to the stored form. */
  readonly toStored?: (object: JsonObject) => JsonObject;
}
