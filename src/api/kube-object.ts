/** A value that nobody may change: what the caches hand out, frozen all the way down by type. */
export type Immutable<T> = T extends (infer Item)[]
  ? readonly Immutable<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Immutable<T[Key]> }
    : T;

/** `metadata.ownerReferences[]`. `controller: true` names the one object that manages this one. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Object metadata as an API server serves it. Times are RFC 3339 strings, never `Date`. */
export interface ObjectMeta {
  name: string;
  /** Absent on cluster-scoped objects. */
  namespace?: string;
  uid: string;
  /** Opaque: compare for equality only. */
  resourceVersion: string;
  /** Counts changes of the spec. Absent on kinds without a spec. */
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  finalizers?: string[];
}

/** Any Kubernetes object, as plain JSON. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
}

/** What one writes to create or apply an object: the name and the content; the server adds the rest. */
export type Manifest<T extends KubeObject> = Omit<T, 'metadata' | 'status'> & {
  metadata: Partial<ObjectMeta> & { name: string };
};

/** `status.conditions[]` of every kind of ours: exactly metav1.Condition. */
export interface Condition {
  /** PascalCase adjective or past participle, such as `Ready`. */
  type: string;
  status: 'True' | 'False' | 'Unknown';
  /** A name from the catalogue in reasons.ts. */
  reason: string;
  /** For people; says what is wanted, what is there, and what to do. */
  message: string;
  /** The `metadata.generation` that this condition speaks of. */
  observedGeneration?: number;
  /** RFC 3339; moves only when `status` changes. */
  lastTransitionTime: string;
}

/** A resource of an API server: where objects of the type `T` live. */
export interface ResourceType<T extends KubeObject> {
  /** The API group; empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The lower-case plural in the URL. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Never set: only carries `T` for the compiler. */
  readonly objectType?: T;
}

/** The names of one object: enough to find it, given its resource type. */
export interface ObjectKey {
  /** Undefined for cluster-scoped objects. */
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** `group/version`, or `version` for the core group: the `apiVersion` of the resource's objects. */
export function apiVersionOf(type: ResourceType<KubeObject>): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** The string form of an object's name, `namespace/name` or `name`: the key of stores and work queues. */
export function keyOf(object: { readonly metadata: ObjectKey }): string {
  return joinKey(object.metadata);
}

/** {@link keyOf} for a bare name. */
export function joinKey({ namespace, name }: ObjectKey): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The reverse of {@link joinKey}. */
export function splitKey(key: string): ObjectKey {
  const slash = key.indexOf('/');
  return slash < 0 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that manages the object, if it has one. */
export function controllerOf(object: Immutable<KubeObject>): Immutable<OwnerReference> | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}
