import type { Immutable, KubeObject } from '../../api/kube-object.ts';

/** The label that Akash's provider puts, with the value `true`, on everything of a lease and on the nodes of its inventory. */
export const AKASH_LABEL = 'akash.network';

export const AKASH_PREFIX = `${AKASH_LABEL}/`;

/**
 * Whether an object belongs to Akash's provider: it carries the label `akash.network=true`, or any label or annotation of that
 * domain. The provider cleans up what it does not recognise as its own work, so nothing of it may ever be written.
 */
export function isAkashOwned({ metadata }: Immutable<Pick<KubeObject, 'metadata'>>): boolean {
  const keys = [...Object.keys(metadata.labels ?? {}), ...Object.keys(metadata.annotations ?? {})];
  return isInAkashInventory(metadata.labels ?? {}) || keys.some((key) => key.startsWith(AKASH_PREFIX));
}

/** Whether these are the labels of a node, or of a pod of a lease, that Akash counts as its own at this moment. */
export function isInAkashInventory(labels: Readonly<Record<string, string>>): boolean {
  return labels[AKASH_LABEL] === 'true';
}
