import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../../../time/clock.ts';
import type { Registry } from '../resources/registry.ts';
import type { Served } from '../resources/served.ts';
import type { JsonObject } from '../schema/schema.ts';
import type { Store } from '../storage/store.ts';
import type { StoredRecord } from '../storage/record.ts';

/** What verbs work on. */
export interface VerbContext {
  readonly store: Store;
  readonly registry: Registry;
  readonly clock: Clock;
}

/** A request for objects, its body read. */
export interface ApiRequest {
  readonly served: Served;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Texts for `Warning` headers; verbs add to it. */
  readonly warnings: string[];
}

/** What a verb answers with. */
export type ApiResult =
  | { readonly kind: 'object'; readonly code: number; readonly object: JsonObject }
  | { readonly kind: 'record'; readonly code: number; readonly record: StoredRecord }
  | { readonly kind: 'list'; readonly metadata: JsonObject; readonly records: readonly StoredRecord[] };

/** The stored key of a named object. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The object as the version asked for has it. */
export function toServed({ resource, fromStored }: Served, stored: JsonObject): JsonObject {
  if (fromStored !== undefined) {
    return fromStored(stored);
  }
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
  return stored['apiVersion'] === apiVersion ? stored : { ...stored, apiVersion };
}
