import { createHash } from 'node:crypto';
import { type ConfigMap, ConfigMaps } from '../../api/builtin.ts';
import { GROUP, MANAGER, labels } from '../../api/group.ts';
import type { Immutable, Manifest } from '../../api/kube-object.ts';
import { type ClusterLedger, emptyClusterLedger, later } from '../../compute/usage/ledger.ts';
import { LedgerCheckpointError, checkpoint, restore } from '../../compute/usage/ledger-checkpoint.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isConflict, isNotFound } from '../../kube/errors.ts';

/** The ledger of one cluster as it stands in its ConfigMap. */
export interface SavedLedger {
  readonly record: ClusterLedger;
  /** Of the ConfigMap; undefined when there is none yet. */
  readonly resourceVersion: string | undefined;
  /** ConfigMap with a former ledger that could not be read, and why. */
  readonly setAside: string | undefined;
}

/** Keeps the ledgers of clusters in ConfigMaps of the namespace in which Headframe runs, one each. */
export interface LedgerStore {
  /**
   * The ledger of a cluster; an empty one when there is none. What cannot be read is kept in a ConfigMap of its own, and counting begins
   * at `now`: from the beginning of the pods it would count what that ledger has counted already.
   * @param now milliseconds since 1970
   * @throws ApiError
   */
  load(cluster: string, now: number): Promise<SavedLedger>;
  /**
   * Writes the ledger, if nobody has written since `former` was read or written. Else what stands there now is merged with it: whoever
   * observed the cluster later is right.
   * @throws ApiError; RangeError when it is too large for an object of Kubernetes
   */
  save(cluster: string, record: ClusterLedger, former: SavedLedger): Promise<SavedLedger>;
}

/** On the ConfigMap: the name of the one with a former ledger that could not be read. Whoever has seen it may take it off. */
export const SET_ASIDE = `${GROUP}/set-aside`;
/** On ConfigMaps with ledgers: the ComputeCluster's name. */
export const LEDGER_OF = `${GROUP}/usage-ledger-of`;
const KEY = 'ledger.json';
/** etcd and API servers take 1 MiB in all; the rest is for metadata. */
const MAX_BYTES = 1_000_000;

/** @param namespace in which Headframe runs */
export function createLedgerStore(client: KubeClient, namespace: string): LedgerStore {
  async function read(cluster: string): Promise<ConfigMap | undefined> {
    try {
      return await client.get(ConfigMaps, { namespace, name: ledgerName(cluster) });
    } catch (error) {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    }
  }

  async function load(cluster: string, now: number): Promise<SavedLedger> {
    const found = await read(cluster);
    if (found === undefined) {
      return { record: emptyClusterLedger, resourceVersion: undefined, setAside: undefined };
    }
    const { resourceVersion, annotations } = found.metadata;
    const parsed = parseLedger(cluster, found);
    if (parsed instanceof LedgerCheckpointError) {
      const setAside = await keep(found);
      return { record: { ...emptyClusterLedger, through: now, settled: now }, resourceVersion, setAside };
    }
    return { record: parsed, resourceVersion, setAside: annotations?.[SET_ASIDE] };
  }

  /** Copies the data under a name that follows from them: doing it again does nothing more. */
  async function keep({ metadata, data = {} }: ConfigMap): Promise<string> {
    const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 10);
    const name = `${metadata.name.slice(0, MAX_NAME - hash.length - 1)}-${hash}`;
    try {
      await client.create(ConfigMaps, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name, namespace, labels: ownLabels },
        data,
      });
    } catch (error) {
      if (!isAlreadyExists(error)) {
        throw error;
      }
    }
    return name;
  }

  async function write(cluster: string, record: ClusterLedger, former: SavedLedger): Promise<SavedLedger> {
    const { resourceVersion, setAside } = former;
    const manifest = manifestOf(namespace, cluster, record, setAside);
    const written =
      resourceVersion === undefined
        ? await client.create(ConfigMaps, manifest)
        : await client.replace(ConfigMaps, {
            ...manifest,
            metadata: { ...manifest.metadata, resourceVersion },
          });
    return { record, resourceVersion: written.metadata.resourceVersion, setAside };
  }

  return {
    load,
    async save(cluster, record, former) {
      try {
        return await write(cluster, record, former);
      } catch (error) {
        if (!isConflict(error) && !isAlreadyExists(error) && !isNotFound(error)) {
          throw error;
        }
        // Written by somebody else, or deleted: of two states of one ledger the later one holds all of the other.
        const there = await load(cluster, record.through);
        return write(cluster, later(there.record, record), there);
      }
    },
  };
}

const ownLabels = { [labels.managedBy]: MANAGER, [labels.partOf]: MANAGER };

/** Longest name of an object. */
const MAX_NAME = 253;

/** The name of the ConfigMap with the ledger of a cluster; a long one is cut, and told from others by a hash. */
export function ledgerName(cluster: string): string {
  const name = `headframe-usage-${cluster}`;
  if (name.length <= MAX_NAME - 11) {
    return name;
  }
  const hash = createHash('sha256').update(cluster).digest('hex').slice(0, 10);
  return `${name.slice(0, MAX_NAME - 22)}-${hash}`;
}

/**
 * The ledger in a ConfigMap.
 * @returns a LedgerCheckpointError when it is none
 */
export function parseLedger(
  cluster: string,
  { data }: Immutable<Pick<ConfigMap, 'data'>>,
): ClusterLedger | LedgerCheckpointError {
  try {
    return restore(cluster, JSON.parse(data?.[KEY] ?? ''));
  } catch (error) {
    return error instanceof LedgerCheckpointError ? error : new LedgerCheckpointError('it is not JSON');
  }
}

function manifestOf(
  namespace: string,
  cluster: string,
  record: ClusterLedger,
  setAside: string | undefined,
): Manifest<ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: ledgerName(cluster),
      namespace,
      labels: ownLabels,
      annotations: { [LEDGER_OF]: cluster, ...(setAside === undefined ? {} : { [SET_ASIDE]: setAside }) },
    },
    data: { [KEY]: textOf(cluster, record) },
  };
}

/** Where cursors leave no room for the amounts they go: a restart may then count too little, never twice. */
function textOf(cluster: string, record: ClusterLedger): string {
  const whole = JSON.stringify(checkpoint(cluster, record));
  const text =
    whole.length <= MAX_BYTES ? whole : JSON.stringify(checkpoint(cluster, record, { maxCursors: 0 }));
  if (text.length > MAX_BYTES) {
    throw new RangeError(
      `the ledger has ${record.rows.size} entries of pools and models, more than fit into a ConfigMap: delete pools that are not needed`,
    );
  }
  return text;
}
