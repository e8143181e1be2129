import { stringify } from 'yaml';
import { chainTransactionKind } from './chain-transaction.ts';
import { computeClusterKind } from './compute-cluster.ts';
import { minerPoolKind } from './miner-pool.ts';
import { customResourceDefinition, type CustomResourceDefinition } from './schema/crd.ts';
import type { KindDefinition } from './schema/kind.ts';
import { stakeAccountKind } from './stake-account.ts';
import { stakingNetworkKind } from './staking-network.ts';

/** Every kind of ours, in the order in which the reference shows them. */
export const kinds: readonly KindDefinition[] = [
  chainTransactionKind,
  computeClusterKind,
  minerPoolKind,
  stakeAccountKind,
  stakingNetworkKind,
];

let definitions: readonly CustomResourceDefinition[] | undefined;

/** The CustomResourceDefinitions of every kind: made once, the same objects for everybody, not to be changed. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return (definitions ??= kinds.map(customResourceDefinition));
}

/** One object as a YAML document, in the style of the files under crds/. */
export function toYaml(object: object): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** All CustomResourceDefinitions as one YAML stream, ready for `kubectl apply -f -`. */
export function crdYaml(): string {
  return customResourceDefinitions()
    .map((definition) => `---\n${toYaml(definition)}`)
    .join('');
}
