import { customResourceDefinitions, toYaml } from '../src/api/crds.ts';
import { apiReference } from './api-reference.ts';
import { reasonsReference } from './reasons-reference.ts';

/** Every file that `npm run generate` writes: its path from the top of the repository, and its text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const definitions = customResourceDefinitions();
  return new Map([
    ...definitions.map((definition): [string, string] => [
      `crds/${definition.spec.group}_${definition.spec.names.plural}.yaml`,
      `# Written by npm run generate from src/api. Do not edit.\n${toYaml(definition)}`,
    ]),
    ['docs/reference/api.md', apiReference(definitions)],
    ['docs/reference/reasons.md', reasonsReference()],
  ]);
}
