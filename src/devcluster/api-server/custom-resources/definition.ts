import { isObject } from '../schema/json.ts';
import type { Json, JsonObject, Schema } from '../schema/schema.ts';
import type { PrinterColumn, ScalePaths } from '../resources/resource.ts';

/** What names a custom resource has: asked for in spec.names, granted in status.acceptedNames. */
export interface DefinitionNames {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionVersion {
  readonly name?: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly status?: object; readonly scale?: Partial<ScalePaths> };
  readonly additionalPrinterColumns?: readonly Partial<PrinterColumn>[];
  readonly selectableFields?: readonly { readonly jsonPath?: string }[];
}

export interface DefinitionCondition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** A CustomResourceDefinition, as far as the API server looks into it. Whoever writes one may leave out anything. */
export interface Definition {
  readonly metadata?: {
    readonly name?: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: DefinitionNames;
    readonly versions?: readonly DefinitionVersion[];
    readonly preserveUnknownFields?: boolean;
    readonly conversion?: { readonly strategy?: string; readonly webhook?: object };
  };
  readonly status?: {
    readonly acceptedNames?: DefinitionNames;
    readonly storedVersions?: readonly string[];
    readonly conditions?: readonly DefinitionCondition[];
  };
}

/**
 * Reads a CustomResourceDefinition. Its types are those that the API server held it to before: see `builtinSchema`.
 */
export function definitionOf(object: JsonObject): Definition {
  return object;
}

/**
 * What all versions have the same of, upstream keeps once, and words its objections accordingly: a schema is `spec.validation`,
 * not `spec.versions[0].schema`, whenever there is only one.
 */
export function isShared(versions: readonly DefinitionVersion[], part: keyof DefinitionVersion): boolean {
  const texts = versions.map((version) => JSON.stringify(version[part] ?? null));
  return texts.every((text) => text === texts[0]);
}

/** An object inside another one, made when it is not there. */
export function childObject(parent: JsonObject, name: string): JsonObject {
  const present: Json | undefined = parent[name];
  if (isObject(present)) {
    return present;
  }
  const made: JsonObject = {};
  parent[name] = made;
  return made;
}
