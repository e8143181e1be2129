import type { Node, Pod } from '../../api/builtin.ts';
import { annotations } from '../../api/group.ts';
import type { Immutable } from '../../api/kube-object.ts';
import { gpuVendors, vendorNames } from '../../compute/gpu-catalogue.ts';
import type { NodeUsage } from '../../compute/inventory.ts';
import type { NodeGpus } from '../../compute/node-gpus.ts';
import { podGpuRequest } from '../../compute/pod-gpus.ts';
import { type Holding, heldFrom, heldUntil } from '../../compute/usage/holding.ts';

/** What the GPUs of a node are, by its name. */
export type GpusOfNode = (node: string) => NodeGpus | undefined;

/** Looks nodes up in the usages of a cluster. */
export function gpusOfNodes(usages: readonly NodeUsage[]): ReadonlyMap<Node['metadata']['name'], NodeGpus> {
  return new Map(usages.map(({ gpus }) => [gpus.node, gpus]));
}

/**
 * What the pod holds or held of GPUs; undefined when it is bound to no node or asks for none. On a node that nobody knows any more
 * the model is what the pod was placed on, of no known worth.
 * @param pool whose pod it is
 */
export function holdingOf(pod: Immutable<Pod>, pool: string, gpusOf: GpusOfNode): Holding | undefined {
  const from = heldFrom(pod);
  const gpus = pod.spec.nodeName === undefined ? undefined : gpusOf(pod.spec.nodeName);
  const resource = gpus?.resource ?? requested(pod);
  const units = resource === undefined ? 0 : podGpuRequest(pod, resource);
  if (from === undefined || units === 0) {
    return undefined;
  }
  const { uid, namespace = '', name } = pod.metadata;
  return { uid, namespace, name, pool, ...worthOf(pod, gpus), units, from, until: heldUntil(pod) };
}

function worthOf(
  { metadata }: Immutable<Pod>,
  gpus: NodeGpus | undefined,
): Pick<Holding, 'model' | 'v100Equivalents'> {
  return gpus === undefined
    ? { model: metadata.annotations?.[annotations.gpuModel] ?? 'unknown', v100Equivalents: 0 }
    : { model: gpus.unit.listedAs, v100Equivalents: gpus.unit.v100Equivalents };
}

function requested(pod: Immutable<Pod>): string | undefined {
  return gpuVendors
    .map((vendor) => vendorNames[vendor].resource)
    .find((resource) => podGpuRequest(pod, resource) > 0);
}
