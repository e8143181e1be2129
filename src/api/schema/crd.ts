import { labels, MANAGER } from '../group.ts';
import type { KindDefinition } from './kind.ts';
import { structural, type StructuralSchema } from './structural.ts';

/** The part of an apiextensions.k8s.io/v1 CustomResourceDefinition that we write. */
export interface CustomResourceDefinition {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly group: string;
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly CrdVersion[];
  };
}

export interface CrdVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly additionalPrinterColumns: KindDefinition['columns'];
  readonly subresources: { readonly status: object; readonly scale?: NonNullable<KindDefinition['scale']> };
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
}

/** The CustomResourceDefinition of a kind. */
export function customResourceDefinition(kind: KindDefinition): CustomResourceDefinition {
  const { type, singular, shortNames } = kind;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${type.plural}.${type.group}`, labels: { [labels.partOf]: MANAGER } },
    spec: {
      group: type.group,
      names: {
        kind: type.kind,
        listKind: `${type.kind}List`,
        plural: type.plural,
        singular,
        shortNames,
        categories: [MANAGER],
      },
      scope: type.namespaced ? 'Namespaced' : 'Cluster',
      versions: [
        {
          name: type.version,
          served: true,
          storage: true,
          additionalPrinterColumns: kind.columns,
          subresources: { status: {}, ...(kind.scale === undefined ? {} : { scale: kind.scale }) },
          schema: { openAPIV3Schema: objectSchema(kind) },
        },
      ],
    },
  };
}

/** The schema of a whole object. A spec without required fields may be left out; the API server then fills it in. */
function objectSchema(kind: KindDefinition): StructuralSchema {
  const spec = structural(kind.spec);
  const specRequired = (spec.required ?? []).length > 0;
  return {
    description: kind.description,
    type: 'object',
    ...(specRequired ? { required: ['spec'] } : {}),
    properties: {
      apiVersion: { type: 'string', description: 'The versioned schema of this object.' },
      kind: { type: 'string', description: 'The kind of this object.' },
      // Names the field for the rules above: nothing else of the metadata may have a schema.
      metadata: { type: 'object', properties: { name: { type: 'string' } } },
      spec: {
        ...spec,
        description: `What is wanted of the ${kind.type.kind}.`,
        ...(specRequired ? {} : { default: {} }),
      },
      status: {
        ...structural(kind.status),
        description: `What Headframe observes of the ${kind.type.kind}. Only Headframe writes it.`,
      },
    },
    'x-kubernetes-validations': kind.rules,
  };
}
