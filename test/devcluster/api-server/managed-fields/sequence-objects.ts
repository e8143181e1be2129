import type { Json, JsonObject } from '../../../../src/devcluster/api-server/schema/schema.ts';
import { isObject } from '../../../../src/devcluster/api-server/patch/json-record.ts';
import type { Request, Sequence, SequenceKind } from './sequences.ts';

/** Where the kind is served. */
export const served: Readonly<Record<SequenceKind, { apiVersion: string; plural: string }>> = {
  Widget: { apiVersion: 'example.dev/v1', plural: 'widgets' },
  Gadget: { apiVersion: 'example.dev/v1', plural: 'gadgets' },
  MinerPool: { apiVersion: 'headframe.dev/v1alpha1', plural: 'minerpools' },
  ConfigMap: { apiVersion: 'v1', plural: 'configmaps' },
  Pod: { apiVersion: 'v1', plural: 'pods' },
  Service: { apiVersion: 'v1', plural: 'services' },
  ReplicaSet: { apiVersion: 'apps/v1', plural: 'replicasets' },
};

/** The name of the sequence's object. */
export function objectName({ name }: Sequence): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** What the request sends: whole objects get apiVersion, kind, name and namespace. */
export function sentBody(sequence: Sequence, { verb, body }: Request): Json {
  if (!isObject(body) || verb === 'merge' || verb === 'json' || verb === 'strategic') {
    return body;
  }
  const metadata = isObject(body['metadata']) ? body['metadata'] : {};
  const { apiVersion } = served[sequence.kind];
  return {
    ...body,
    apiVersion,
    kind: sequence.kind,
    metadata: { ...metadata, name: objectName(sequence), namespace: 'default' },
  };
}

/** What the API server answered to a request. */
export interface Answer {
  readonly code: number;
  /** The object after the request; absent while there is none. */
  readonly object?: JsonObject;
  /** Of a refusal. */
  readonly status?: { readonly reason?: string; readonly message: string; readonly causes?: Json };
}

/** The time of the entries that the request with that index writes: one second for each. */
export function stepTime(index: number): string {
  return new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString().replace('.000Z', 'Z');
}
