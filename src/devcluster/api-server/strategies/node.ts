import { isObject } from '../schema/json.ts';
import type { Json } from '../schema/schema.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until it has been seen ready (admission plugin TaintNodesByCondition). */
export const nodeStrategy: Strategy = {
  ...plainStrategy,
  fields: (node) => ({
    ...metadataFields(node),
    'spec.unschedulable': String(isObject(node['spec']) && node['spec']['unschedulable'] === true),
  }),
  admit: (node) => {
    const spec = isObject(node['spec']) ? node['spec'] : {};
    const taints: Json[] = Array.isArray(spec['taints']) ? spec['taints'] : [];
    const has = taints.some(
      (taint) => isObject(taint) && taint['key'] === NOT_READY.key && taint['effect'] === NOT_READY.effect,
    );
    node['spec'] = { ...spec, taints: has ? taints : [...taints, { ...NOT_READY }] };
  },
  defaults: (node) => {
    if (isObject(node['status']) && isObject(node['status']['capacity'])) {
      node['status']['allocatable'] ??= { ...node['status']['capacity'] };
    }
  },
};
