import podTemplate from '../generated/pod-template.json' with { type: 'json' };
import { celRules } from './kind.ts';

const GPU_RESOURCES = ['nvidia.com/gpu', 'amd.com/gpu', 'habana.ai/gaudi'] as const;

/** A rule's text: no container of the list asks for a GPU itself. */
function withoutGpus(list: string): string {
  const free = GPU_RESOURCES.flatMap((resource) =>
    ['requests', 'limits'].map(
      (kind) => `(!has(c.resources.${kind}) || !('${resource}' in c.resources.${kind}))`,
    ),
  ).join(' && ');
  return `self.spec.${list}.all(c, !has(c.resources) || (${free}))`;
}

const spendGpusInSpec =
  "may not ask for 'nvidia.com/gpu', 'amd.com/gpu' or 'habana.ai/gaudi': set spec.gpus instead";

/**
 * The schema of a pod template, from the API server's own OpenAPI document (hack/pod-template.ts), with the rules that
 * Headframe adds: the scheduler chooses the node, and spec.gpus is the one place that says how many GPUs.
 */
export const podTemplateSchema: Readonly<Record<string, unknown>> = {
  ...podTemplate,
  ...celRules(
    {
      rule: '!has(self.spec.nodeName)',
      message: 'may not be set: the scheduler chooses the node; use nodeSelector or affinity',
      fieldPath: '.spec.nodeName',
    },
    { rule: withoutGpus('containers'), message: spendGpusInSpec, fieldPath: '.spec.containers' },
    {
      rule: `!has(self.spec.initContainers) || ${withoutGpus('initContainers')}`,
      message: spendGpusInSpec,
      fieldPath: '.spec.initContainers',
    },
  ),
};
