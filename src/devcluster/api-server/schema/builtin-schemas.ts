import { existsSync, readFileSync } from 'node:fs';
import { linkSchemas, type UnlinkedSchema } from './link-schemas.ts';
import type { GroupVersionKind, Schema } from './schema.ts';

/** File name of the built-in kinds' schemas; the release build puts it beside the bundle. */
export const BUILTIN_SCHEMAS_FILE = 'builtin-schemas.json';

/** What hack/builtin-schemas.ts writes. */
export interface BuiltinSchemas {
  /** By `group/version/kind`: the name of the kind's definition. */
  readonly kinds: Readonly<Record<string, string>>;
  /** OpenAPI v3, with references between them. */
  readonly definitions: Readonly<Record<string, UnlinkedSchema>>;
}

let file: BuiltinSchemas | undefined;
let linked: ReadonlyMap<string, Schema> | undefined;

/** The definitions as OpenAPI documents have them. Read once, when first asked for: only the embedded API server needs it. */
export function builtinSchemas(): BuiltinSchemas {
  file ??= JSON.parse(readFileSync(locate(), 'utf8')) as BuiltinSchemas;
  return file;
}

/** The schema of a built-in kind, metadata included; undefined for others. */
export function builtinSchema({ group, version, kind }: GroupVersionKind): Schema | undefined {
  const name = builtinSchemas().kinds[`${group}/${version}/${kind}`];
  const schema = name === undefined ? undefined : definition(name);
  return kind === 'ControllerRevision' && schema !== undefined ? withAtomicData(schema) : schema;
}

/** Upstream owns a RawExtension as a whole, which its OpenAPI documents do not say. */
function withAtomicData(schema: Schema): Schema {
  const data: Schema = { ...schema.properties?.['data'], 'x-kubernetes-map-type': 'atomic' };
  return { ...schema, properties: { ...schema.properties, data } };
}

/** The schema of every object's metadata. */
export function objectMetaSchema(): Schema {
  return definition('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta');
}

function definition(name: string): Schema {
  linked ??= linkSchemas(builtinSchemas().definitions);
  const schema = linked.get(name);
  if (schema === undefined) {
    throw new Error(`There is no built-in schema '${name}'.`);
  }
  return schema;
}

function locate(): URL {
  const shipped = new URL(BUILTIN_SCHEMAS_FILE, import.meta.url);
  return existsSync(shipped) ? shipped : new URL(`../generated/${BUILTIN_SCHEMAS_FILE}`, import.meta.url);
}
