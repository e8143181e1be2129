import type { PrinterColumn, Resource, ScalePaths, Verb } from '../resources/resource.ts';
import { objectMetaSchema } from '../schema/builtin-schemas.ts';
import { compileRules } from '../schema/rules.ts';
import { propertySchema } from '../schema/schema-at.ts';
import type { JsonObject, Schema } from '../schema/schema.ts';
import { definitionOf, type DefinitionNames, type DefinitionVersion } from './definition.ts';

const VERBS: readonly Verb[] = [
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'create',
  'update',
  'watch',
];

/** One version of a definition. */
export interface DefinedResource {
  readonly resource: Resource;
  readonly isServed: boolean;
  /** Objects are stored in this version. */
  readonly isStorage: boolean;
}

/** The resources of an established CustomResourceDefinition, one for each version, under the names that it was granted. */
export function definedResources(crd: JsonObject): DefinedResource[] {
  const { spec, status } = definitionOf(crd);
  const names = status?.acceptedNames ?? spec?.names ?? {};
  return (spec?.versions ?? []).map((version) => ({
    isServed: version.served === true,
    isStorage: version.storage === true,
    resource: {
      ...namesOf(names),
      group: spec?.group ?? '',
      version: version.name ?? '',
      storageVersion: spec?.versions?.find(({ storage }) => storage === true)?.name,
      namespaced: spec?.scope === 'Namespaced',
      verbs: VERBS,
      custom: true,
      ...deprecationOf(version, `${spec?.group ?? ''}/${version.name ?? ''} ${names.kind ?? ''}`),
      ...partsOf(version),
    },
  }));
}

function deprecationOf(
  { deprecated, deprecationWarning }: DefinitionVersion,
  subject: string,
): Pick<Resource, 'deprecation'> {
  return deprecated === true ? { deprecation: deprecationWarning ?? `${subject} is deprecated` } : {};
}

function namesOf(
  names: DefinitionNames,
): Pick<Resource, 'kind' | 'listKind' | 'plural' | 'singular' | 'shortNames' | 'categories'> {
  const { kind = '', listKind = '', plural = '', singular = '', shortNames = [], categories = [] } = names;
  return { kind, listKind, plural, singular, shortNames, categories };
}

function partsOf(
  version: DefinitionVersion,
): Pick<Resource, 'schema' | 'rules' | 'subresources' | 'columns' | 'selectableFields'> {
  const own = version.schema?.openAPIV3Schema ?? { type: 'object' };
  return {
    schema: resourceSchema(own),
    rules: compileRules(own),
    subresources: {
      ...(version.subresources?.status !== undefined && { status: true }),
      ...scaleOf(version),
    },
    ...columnsOf(version),
    ...selectableFieldsOf(version),
  };
}

function scaleOf({ subresources }: DefinitionVersion): { scale?: ScalePaths } {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = subresources?.scale ?? {};
  return specReplicasPath === undefined || statusReplicasPath === undefined
    ? {}
    : { scale: { specReplicasPath, statusReplicasPath, labelSelectorPath } };
}

function columnsOf({ additionalPrinterColumns = [] }: DefinitionVersion): { columns?: PrinterColumn[] } {
  if (additionalPrinterColumns.length === 0) {
    return {};
  }
  const columns = additionalPrinterColumns.map(({ name = '', type = '', jsonPath = '', ...rest }) => ({
    name,
    type,
    jsonPath,
    ...rest,
  }));
  return { columns };
}

function selectableFieldsOf({ selectableFields = [] }: DefinitionVersion): { selectableFields?: string[] } {
  const paths = selectableFields.flatMap(({ jsonPath }) => (jsonPath === undefined ? [] : [jsonPath]));
  return paths.length === 0 ? {} : { selectableFields: paths };
}

/** A definition's schema with what every object has: apiVersion, kind, and ObjectMeta with the definition's restrictions of names. */
export function resourceSchema(own: Schema): Schema {
  const text: Schema = { type: 'string' };
  return {
    ...own,
    properties: {
      ...own.properties,
      // Upstream describes them for everybody.
      apiVersion: { ...own.properties?.['apiVersion'], ...text, ...TYPE_META.apiVersion },
      kind: { ...own.properties?.['kind'], ...text, ...TYPE_META.kind },
      metadata: metadataSchema(propertySchema(own, 'metadata')),
    },
  };
}

const TYPE_META = {
  apiVersion: {
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  },
  kind: {
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  },
};

function metadataSchema(restrictions: Schema | undefined): Schema {
  const objectMeta = objectMetaSchema();
  const properties: Record<string, Schema> = { ...objectMeta.properties };
  for (const name of ['name', 'generateName'] as const) {
    const restricted = propertySchema(restrictions, name);
    if (restricted !== undefined) {
      properties[name] = { ...properties[name], ...restricted };
    }
  }
  return {
    ...objectMeta,
    description:
      "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
    properties,
  };
}
