import { isObject } from '../schema/json.ts';
import type { Json, JsonObject } from '../schema/schema.ts';
import { canonicalQuantities } from './quantities.ts';
import { validateNode, validateNodeUpdate } from './validate-node.ts';
import { metadataFields, plainStrategy, type Strategy } from './strategy.ts';

const NOT_READY = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** A new node takes no pods until it has been seen ready (admission plugin TaintNodesByCondition). */
export const nodeStrategy: Strategy = {
  ...plainStrategy,
  fields: (node) => ({
    ...metadataFields(node),
    'spec.unschedulable': String(isObject(node['spec']) && node['spec']['unschedulable'] === true),
  }),
  validate: validateNode,
  validateUpdate: validateNodeUpdate,
  admit: (node) => {
    const spec = isObject(node['spec']) ? node['spec'] : {};
    const taints: Json[] = Array.isArray(spec['taints']) ? spec['taints'] : [];
    const has = taints.some(
      (taint) => isObject(taint) && taint['key'] === NOT_READY.key && taint['effect'] === NOT_READY.effect,
    );
    node['spec'] = { ...spec, taints: has ? taints : [...taints, { ...NOT_READY }] };
  },
  defaults: (node) => {
    const { spec } = node;
    if (isObject(spec) && typeof spec['podCIDR'] === 'string') {
      spec['podCIDRs'] ??= [spec['podCIDR']];
    }
    const status = isObject(node['status']) ? node['status'] : {};
    canonicalQuantities(status, ['capacity', 'allocatable']);
    node['status'] = {
      ...status,
      daemonEndpoints: { kubeletEndpoint: { Port: 0 }, ...asObject(status['daemonEndpoints']) },
      nodeInfo: { ...EMPTY_NODE_INFO, ...asObject(status['nodeInfo']) },
    };
    if (isObject(node['status']) && isObject(node['status']['capacity'])) {
      node['status']['allocatable'] ??= { ...node['status']['capacity'] };
    }
  },
};

/** Go writes these even when they are empty. */
const EMPTY_NODE_INFO = Object.fromEntries(
  [
    'machineID',
    'systemUUID',
    'bootID',
    'kernelVersion',
    'osImage',
    'containerRuntimeVersion',
    'kubeletVersion',
    'kubeProxyVersion',
    'operatingSystem',
    'architecture',
  ].map((name) => [name, '']),
);

function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
