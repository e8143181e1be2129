import type { RuleSet } from '../schema/rules.ts';
import type { GroupVersionKind, Schema } from '../schema/schema.ts';

/** What may be done with a resource, as discovery names it. */
export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** Where a custom resource keeps what `kubectl scale` reads and writes; paths such as `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string | undefined;
}

/** A column of `kubectl get`, as a CustomResourceDefinition declares it. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly description?: string | undefined;
  readonly format?: string | undefined;
  readonly priority?: number | undefined;
}

/** One resource in one version: all that clients can learn of it from discovery, and what its objects look like. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  /** The name in the URL. */
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  /** Absent when objects are stored as they come. */
  readonly schema?: Schema | undefined;
  /** CEL rules; custom resources only. */
  readonly rules?: RuleSet | undefined;
  readonly subresources: {
    readonly status?: boolean | undefined;
    readonly scale?: ScalePaths | undefined;
  };
  /** additionalPrinterColumns; custom resources only. */
  readonly columns?: readonly PrinterColumn[] | undefined;
  /** Fields beyond the name that field selectors may use, such as `.spec.host`; custom resources only. */
  readonly selectableFields?: readonly string[] | undefined;
  /** The version in which objects are stored, when it is another one. */
  readonly storageVersion?: string | undefined;
  /** What a user of a deprecated version is told. */
  readonly deprecation?: string | undefined;
  /** Whether a CustomResourceDefinition defines it. */
  readonly custom: boolean;
}

/** `group/version`, or `version` for the core group. */
export function groupVersionOf({ group, version }: Pick<GroupVersionKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The name under which errors speak of a resource: `minerpools.headframe.dev`, `pods`. */
export function qualifiedName({ plural, group }: Pick<Resource, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The name under which errors speak of a kind: `MinerPool.headframe.dev`, `Pod`. */
export function qualifiedKind({ kind, group }: Pick<GroupVersionKind, 'kind' | 'group'>): string {
  return group === '' ? kind : `${kind}.${group}`;
}
