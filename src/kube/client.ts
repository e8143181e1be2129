import type { KubeObject, Manifest, ObjectKey, ResourceType } from '../api/kube-object.ts';

/** The answer to one page of a LIST. */
export interface ObjectList<T> {
  items: T[];
  resourceVersion: string;
  /** Present when there are more pages. */
  continueToken?: string;
}

export interface ListOptions {
  /** All namespaces when absent. */
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  /** Page size. */
  limit?: number;
  continueToken?: string;
  resourceVersion?: string;
}

export interface DeleteOptions {
  /** Refuse (409) unless the object still has this UID. */
  uid?: string;
  /** 0 deletes at once, without waiting for the node: only for pods whose node is gone. */
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

export interface ApplyOptions {
  /** Take fields over from other managers. */
  force?: boolean;
  /** `status` applies to that subresource. */
  subresource?: 'status';
  dryRun?: boolean;
}

/** The verbs of an API server. Every method throws {@link ApiError} and nothing else. */
export interface KubeClient {
  get<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey): Promise<T>;
  list<T extends KubeObject>(type: ResourceType<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** POST. `AlreadyExists` when the name is taken. */
  create<T extends KubeObject>(type: ResourceType<T>, manifest: Manifest<T>): Promise<T>;
  /** PUT; the manifest's `resourceVersion`, if present, must match, else `Conflict`. */
  replace<T extends KubeObject>(type: ResourceType<T>, manifest: Manifest<T>): Promise<T>;
  /** DELETE. `NotFound` when it is gone already, `Conflict` when `uid` does not match. */
  delete<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, options?: DeleteOptions): Promise<void>;
  /** Server-side apply with field manager `headframe`. */
  apply<T extends KubeObject>(type: ResourceType<T>, manifest: Manifest<T>, options?: ApplyOptions): Promise<T>;
  /** JSON merge patch of the object. A `metadata.resourceVersion` in the patch is a precondition. */
  mergePatch<T extends KubeObject>(type: ResourceType<T>, key: ObjectKey, patch: object): Promise<T>;
  /** JSON merge patch of `/status`, with the resourceVersion that the status was computed from as its precondition. */
  patchStatus<T extends KubeObject>(
    type: ResourceType<T>,
    object: { readonly metadata: ObjectKey & { readonly resourceVersion: string } },
    status: object,
  ): Promise<T>;
}
