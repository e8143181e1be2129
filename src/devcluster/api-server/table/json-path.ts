import { JSONPath } from 'jsonpath-plus';
import type { Json, JsonObject } from '../schema/schema.ts';

/**
 * The values that a path of a CustomResourceDefinition leads to, such as `.status.conditions[?(@.type=="Ready")].status`; none
 * for a path that is none. Kubernetes' paths begin without `$` and escape dots in names.
 */
export function valuesAt(object: JsonObject, path: string): Json[] {
  const expression = `$${path.replaceAll(/\.((?:[^.[\]\\]|\\.)*\\\.(?:[^.[\]\\]|\\.)*)/g, (_, name: string) => `['${name.replaceAll(/\\(.)/g, '$1')}']`)}`;
  try {
    const found: unknown = JSONPath({ path: expression, json: object, wrap: true, eval: 'safe' });
    return Array.isArray(found) ? (found as Json[]) : [];
  } catch {
    return [];
  }
}
