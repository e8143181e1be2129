import { readFileSync } from 'node:fs';
import { customResourceDefinitions, toYaml } from '../src/api/crds.ts';
import { apiReference } from './api-reference.ts';
import { crdTemplate } from './chart-crds.ts';
import { type ValueSchema, chartReference, valuesYaml } from './chart-values.ts';
import { reasonsReference } from './reasons-reference.ts';

const valuesSchema = new URL('../charts/headframe/values.schema.json', import.meta.url);

/** Every file that `npm run generate` writes: its path from the top of the repository, and its text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const definitions = customResourceDefinitions();
  const values = JSON.parse(readFileSync(valuesSchema, 'utf8')) as ValueSchema;
  return new Map([
    ...definitions.map((definition): [string, string] => [
      `crds/${definition.spec.group}_${definition.spec.names.plural}.yaml`,
      `# Written by npm run generate from src/api. Do not edit.\n${toYaml(definition)}`,
    ]),
    ...definitions.map((definition): [string, string] => [
      `charts/headframe/templates/crds/${definition.spec.names.plural}.yaml`,
      crdTemplate(definition),
    ]),
    ['charts/headframe/values.yaml', valuesYaml(values)],
    ['docs/reference/chart.md', chartReference(values)],
    ['docs/reference/api.md', apiReference(definitions)],
    ['docs/reference/reasons.md', reasonsReference()],
  ]);
}
