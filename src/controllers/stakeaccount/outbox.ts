import { type ChainTransaction, ChainTransactions } from '../../api/chain-transaction.ts';
import type { ChainTransactionStatus } from '../../api/chain-transaction/status.ts';
import { API_VERSION, MANAGER, labels } from '../../api/group.ts';
import type { Immutable, OwnerReference } from '../../api/kube-object.ts';
import type { Entry } from '../../chain/engine/entry.ts';
import { type NonceOwner, accountLabel, entryName } from '../../chain/engine/entry-name.ts';
import type { Outbox } from '../../chain/engine/ports.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';

/** The outbox of one account, kept in ChainTransactions. */
export interface KubeOutbox extends Outbox {
  /** Tells it of an entry that a watch has seen. What is older than what it knows is left out. */
  observe(entry: Entry): void;
  /** Tells it of an entry that a watch has seen gone. */
  forget(name: string): void;
}

export interface KubeOutboxOptions extends NonceOwner {
  readonly namespace: string;
  /** The StakeAccount, with which its history goes. Absent: the history stays. */
  readonly owner?: OwnerReference;
  /** What a watch has shown of the account so far: spares the first LIST. Absent: it is listed. */
  readonly seen?: () => readonly Entry[];
}

/** Entries per page of a LIST. */
const PAGE = 500;

/**
 * Keeps what it has read and written, so that an account at work costs no LIST: the engine is right also with entries that are old, as
 * long as they are read again when it asks for it. Whatever the API server refuses because somebody else wrote is read again too.
 */
export function kubeOutbox(client: KubeClient, options: KubeOutboxOptions): KubeOutbox {
  const { namespace, account, chainId, address, owner, seen } = options;
  let cache: Map<string, Entry> | undefined = seen && indexed(seen());

  async function reload(): Promise<readonly Entry[]> {
    const found: ChainTransaction[] = [];
    let continueToken: string | undefined;
    do {
      const page = await client.list(ChainTransactions, {
        namespace,
        labelSelector: `${labels.stakeAccount}=${accountLabel(account)}`,
        limit: PAGE,
        ...(continueToken === undefined ? {} : { continueToken }),
      });
      found.push(...page.items);
      continueToken = page.continueToken;
    } while (continueToken !== undefined);
    cache = indexed(found);
    return [...cache.values()];
  }

  function indexed(entries: readonly Entry[]): Map<string, Entry> {
    return new Map(entries.filter(isOurs).map((entry) => [entry.metadata.name, entry]));
  }

  /** With another key, or on another chain, the account had other nonces. */
  function isOurs({ metadata, spec }: Entry): boolean {
    return (
      spec.chainId === chainId &&
      spec.address.toLowerCase() === address.toLowerCase() &&
      metadata.name === entryName({ account, chainId, address }, spec.sequence)
    );
  }

  /** What was written is known; what was refused because of others makes the rest doubtful. */
  async function write(operation: () => Promise<ChainTransaction>): Promise<Entry | undefined> {
    try {
      const written = await operation();
      cache?.set(written.metadata.name, written);
      return written;
    } catch (error) {
      if (isAlreadyExists(error) || isConflict(error) || (isNotFound(error) && cache !== undefined)) {
        cache = undefined;
        return undefined;
      }
      throw error;
    }
  }

  return {
    known: async () => (cache === undefined ? reload() : [...cache.values()]),
    reload,

    create: async (spec) =>
      write(() =>
        client.create(ChainTransactions, {
          apiVersion: API_VERSION,
          kind: ChainTransactions.kind,
          metadata: {
            namespace,
            name: entryName({ account, chainId, address }, spec.sequence),
            labels: {
              [labels.stakeAccount]: accountLabel(account),
              [labels.managedBy]: MANAGER,
            },
            ...(owner === undefined ? {} : { ownerReferences: [owner] }),
          },
          spec: spec as ChainTransaction['spec'],
        }),
      ),

    append: async ({ metadata, spec }, attempt) =>
      write(() =>
        client.mergePatch(ChainTransactions, metadata, {
          metadata: { resourceVersion: metadata.resourceVersion },
          spec: { attempts: [...spec.attempts, attempt] },
        }),
      ),

    record: async (entry, status) =>
      write(() => client.patchStatus(ChainTransactions, entry, withAbsent(status))),

    async prune({ metadata }) {
      try {
        await client.delete(ChainTransactions, metadata, { uid: metadata.uid });
      } catch (error) {
        if (!isNotFound(error) && !isConflict(error)) {
          throw error;
        }
      }
      cache?.delete(metadata.name);
    },

    observe(entry) {
      const { name } = entry.metadata;
      if (isOurs(entry) && !isOlder(entry, cache?.get(name))) {
        cache?.set(name, entry);
      }
    },
    forget: (name) => void cache?.delete(name),
  };
}

/** A merge patch takes away only what it says is null. */
function withAbsent(status: Immutable<ChainTransactionStatus>): object {
  return {
    inclusion: null,
    outcome: null,
    outcomeTime: null,
    revertReason: null,
    displacedBy: null,
    ...status,
  };
}

/** Versions are opaque, but where both are numbers the larger is the later (Kubernetes 1.35, KEP-5504). */
function isOlder(entry: Entry, than: Entry | undefined): boolean {
  const [mine, known] = [entry, than].map((each) => each?.metadata.resourceVersion ?? '');
  return /^\d+$/.test(mine ?? '') && /^\d+$/.test(known ?? '') && BigInt(mine ?? 0) < BigInt(known ?? 0);
}
