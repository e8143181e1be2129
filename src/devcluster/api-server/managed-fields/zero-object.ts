import type { JsonObject } from '../schema/schema.ts';

/**
 * What a create is compared with: upstream's empty object of that Go type. Its structs are there already, so nobody comes to own
 * the `.spec` of a Pod, as somebody does that of a custom resource.
 */
export function zeroObject(object: JsonObject): JsonObject {
  const { apiVersion, kind } = object;
  const zero =
    typeof apiVersion === 'string' && typeof kind === 'string'
      ? zeroObjects[`${apiVersion} ${kind}`]
      : undefined;
  return { ...zero, apiVersion, kind };
}

/** By apiVersion and kind; kinds without structs are left out. */
const zeroObjects: Readonly<Record<string, JsonObject | undefined>> = {};
