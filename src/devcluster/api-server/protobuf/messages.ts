/**
 * A field of a message: its JSON name and what it holds. A `count` of 0 is none; `map` is a map of texts to texts, `bytesMap` one
 * of texts to bytes.
 */
export interface ProtoField {
  readonly name: string;
  readonly type: 'text' | 'whole' | 'count' | 'truth' | 'time' | 'map' | 'bytesMap' | ProtoMessage;
  readonly repeated?: boolean;
}

/** Fields by their numbers. */
export type ProtoMessage = Readonly<Record<number, ProtoField>>;

const text = (name: string): ProtoField => ({ name, type: 'text' });
const texts = (name: string): ProtoField => ({ name, type: 'text', repeated: true });
const whole = (name: string): ProtoField => ({ name, type: 'whole' });
const truth = (name: string): ProtoField => ({ name, type: 'truth' });
const part = (name: string, type: ProtoMessage): ProtoField => ({ name, type });

const ownerReference: ProtoMessage = {
  1: text('kind'),
  3: text('name'),
  4: text('uid'),
  5: text('apiVersion'),
  6: truth('controller'),
  7: truth('blockOwnerDeletion'),
};

/** managedFields are not among them: who sends objects in this form leaves them to the server. */
const objectMeta: ProtoMessage = {
  1: text('name'),
  2: text('generateName'),
  3: text('namespace'),
  5: text('uid'),
  6: text('resourceVersion'),
  7: { name: 'generation', type: 'count' },
  8: { name: 'creationTimestamp', type: 'time' },
  11: { name: 'labels', type: 'map' },
  12: { name: 'annotations', type: 'map' },
  13: { name: 'ownerReferences', type: ownerReference, repeated: true },
  14: texts('finalizers'),
};

const metadata = part('metadata', objectMeta);

/** The kinds that kubectl and helm send as protobuf (k8s.io/api, generated.proto), by kind. */
export const messages: Readonly<Record<string, ProtoMessage>> = {
  Secret: {
    1: metadata,
    2: { name: 'data', type: 'bytesMap' },
    3: text('type'),
    4: { name: 'stringData', type: 'map' },
    5: truth('immutable'),
  },
  ConfigMap: {
    1: metadata,
    2: { name: 'data', type: 'map' },
    3: { name: 'binaryData', type: 'bytesMap' },
    4: truth('immutable'),
  },
  Namespace: {
    1: metadata,
    2: part('spec', { 1: texts('finalizers') }),
    3: part('status', { 1: text('phase') }),
  },
  ServiceAccount: { 1: metadata, 4: truth('automountServiceAccountToken') },
  DeleteOptions: {
    1: whole('gracePeriodSeconds'),
    2: part('preconditions', { 1: text('uid'), 2: text('resourceVersion') }),
    3: truth('orphanDependents'),
    4: text('propagationPolicy'),
    5: texts('dryRun'),
  },
};
