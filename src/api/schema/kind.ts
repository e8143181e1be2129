import type * as z from 'zod';
import type { KubeObject, ResourceType } from '../kube-object.ts';

/** A CEL rule of a CRD, `x-kubernetes-validations[]`. `self` is the value that carries the rule. */
export interface CelRule {
  readonly rule: string;
  /** What is allowed, for the person whose object was refused. */
  readonly message: string;
  /** The field below the rule's own that the error names, such as `.spec.nodeName`. */
  readonly fieldPath?: string;
}

/** A column of `kubectl get`. Priority 1 shows with `-o wide` only. */
interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  readonly priority?: 1;
}

/** Where the scale subresource finds its three values: what `kubectl scale` and autoscalers read and write. */
interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath: string;
}

/** One kind of ours, with all that its CustomResourceDefinition and its reference page say. */
export interface KindDefinition {
  readonly type: ResourceType<KubeObject>;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** What an object of the kind stands for, and what Headframe does with it. */
  readonly description: string;
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  /** Rules over the whole object. Only `metadata.name` and `metadata.generateName` of the metadata may be read. */
  readonly rules: readonly CelRule[];
  readonly columns: readonly PrinterColumn[];
  readonly scale?: ScalePaths;
}

/** Rules in the form in which a schema's `.meta()` carries them. */
export function celRules(...rules: readonly CelRule[]): { 'x-kubernetes-validations': readonly CelRule[] } {
  return { 'x-kubernetes-validations': rules };
}
