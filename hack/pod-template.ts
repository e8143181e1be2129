import { readFileSync, writeFileSync } from 'node:fs';
import { podTemplateSchema, type OpenApiDocument } from './pod-template-schema.ts';

/*
 * Rewrites src/api/generated/pod-template.json when Headframe moves to a newer Kubernetes, from a running API server of
 * that version:
 *
 *   kubectl get --raw /openapi/v3/api/v1 | npm run generate:pod-template && npm run generate
 *
 * test/e2e/api.e2e.test.ts holds the file against the API server of the e2e suite.
 */
const document = JSON.parse(readFileSync(process.stdin.fd, 'utf8')) as OpenApiDocument;
const target = new URL('../src/api/generated/pod-template.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(podTemplateSchema(document), null, 1)}\n`);
