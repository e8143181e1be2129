import { labels } from '../src/api/group.ts';
import { toYaml } from '../src/api/crds.ts';
import type { CustomResourceDefinition } from '../src/api/schema/crd.ts';

/*
 * The CRDs as templates of the chart: Helm installs what lies in a chart's crds/ folder once and never upgrades it.
 */

/** A CRD as a template: the same spec, with the release's labels, and kept on uninstall if the values say so. */
export function crdTemplate(definition: CustomResourceDefinition): string {
  const { metadata, spec, ...type } = definition;
  const foreign = Object.keys(metadata.labels).filter((key) => key !== labels.partOf);
  if (foreign.length > 0) {
    // The chart's own labels say part-of; anything else would get lost without a word.
    throw new Error(
      `the chart's template of ${metadata.name} does not know the labels ${foreign.join(', ')}`,
    );
  }
  return [
    '{{- /* Written by npm run generate from src/api. Do not edit. */ -}}',
    '{{- if .Values.crds.enabled }}',
    `${toYaml(type)}metadata:`,
    `  name: ${metadata.name}`,
    '  labels:',
    '    {{- include "headframe.labels" . | nindent 4 }}',
    '  {{- if .Values.crds.keep }}',
    '  annotations:',
    '    helm.sh/resource-policy: keep',
    '  {{- end }}',
    `${literally(toYaml({ spec }))}{{- end }}`,
    '',
  ].join('\n');
}

/** Text that a Go template prints as it is. */
export function literally(text: string): string {
  return text.replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`);
}
