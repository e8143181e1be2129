import { ChainTransactionSpec } from './chain-transaction/spec.ts';
import { ChainTransactionStatus } from './chain-transaction/status.ts';
import { GROUP, VERSION } from './group.ts';
import type { KubeObject, ResourceType } from './kube-object.ts';
import type { KindDefinition } from './schema/kind.ts';

/** One nonce of one account on chain, and what it was used for: the write-ahead record of the transaction engine. */
export interface ChainTransaction extends KubeObject {
  spec: ChainTransactionSpec;
  status?: ChainTransactionStatus;
}

export const ChainTransactions: ResourceType<ChainTransaction> = {
  group: GROUP,
  version: VERSION,
  kind: 'ChainTransaction',
  plural: 'chaintransactions',
  namespaced: true,
};

export const chainTransactionKind: KindDefinition = {
  type: ChainTransactions,
  singular: 'chaintransaction',
  shortNames: ['ctx'],
  description:
    'ChainTransaction is one nonce of an account on chain. Headframe creates it, with the signed transaction, before anything is broadcast: the object is the reservation of the nonce. The spec is what was authorised and signed, the status is what the chain says. Users read it; to cancel one that is not included yet they set the annotation headframe.dev/cancel to true.',
  spec: ChainTransactionSpec,
  status: ChainTransactionStatus,
  rules: [],
  columns: [
    {
      name: 'Account',
      type: 'string',
      jsonPath: '.spec.accountRef.name',
      description: 'The StakeAccount.',
    },
    { name: 'Nonce', type: 'integer', jsonPath: '.spec.nonce', description: 'The nonce that it uses.' },
    { name: 'Kind', type: 'string', jsonPath: '.spec.intent.kind', description: 'What is done.' },
    {
      name: 'Block',
      type: 'integer',
      jsonPath: '.status.inclusion.blockNumber',
      description: 'The block that it is included in.',
    },
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether it is done, in a final block.',
    },
    {
      name: 'Outcome',
      type: 'string',
      jsonPath: '.status.outcome',
      description: 'How it ended.',
    },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why it is done or not.',
      priority: 1,
    },
    {
      name: 'Hash',
      type: 'string',
      jsonPath: '.status.inclusion.hash',
      description: 'The transaction that is included.',
      priority: 1,
    },
    {
      name: 'Cost',
      type: 'string',
      jsonPath: '.status.inclusion.costWei',
      description: 'What it cost, in wei.',
      priority: 1,
    },
    {
      name: 'Age',
      type: 'date',
      jsonPath: '.metadata.creationTimestamp',
      description: 'Time since the nonce was reserved.',
    },
  ],
};
