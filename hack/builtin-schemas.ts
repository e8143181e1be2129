import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { builtinSchemaFile, GROUP_VERSIONS } from './builtin-schema-file.ts';
import type { OpenApiDocument } from './pod-template-schema.ts';

/*
 * Rewrites src/devcluster/api-server/generated/builtin-schemas.json when Headframe moves to a newer Kubernetes, from the API
 * server of that version that kubectl (or the program that KUBECTL names) is set to:
 *
 *   npm run generate:builtin-schemas
 *
 * test/e2e/builtin-schemas.e2e.test.ts holds the file against the API server of the e2e suite.
 */
const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const documents = GROUP_VERSIONS.map((path) => {
  const text = execFileSync(kubectl, ['get', '--raw', `/openapi/v3/${path}`], { maxBuffer: 64 << 20 });
  return JSON.parse(text.toString()) as OpenApiDocument;
});
const folder = new URL('../src/devcluster/api-server/generated/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('builtin-schemas.json', folder), `${JSON.stringify(builtinSchemaFile(documents))}\n`);
