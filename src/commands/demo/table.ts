import { Pods } from '../../api/builtin.ts';
import { ComputeClusters } from '../../api/compute-cluster.ts';
import type { KubeObject, ResourceType } from '../../api/kube-object.ts';
import { MinerPools } from '../../api/miner-pool.ts';
import { StakeAccounts } from '../../api/stake-account.ts';
import { StakingNetworks } from '../../api/staking-network.ts';
import { resourcePath } from '../../kube/path.ts';
import type { Transport } from '../../kube/transport.ts';
import { type Clock, sleep } from '../../time/clock.ts';
import { columns } from '../columns.ts';

/** How often the tables are asked for. */
const REFRESH_MS = 2000;

/** What the demo shows: what `kubectl get` shows of these, from the same answers of the API server. */
const SHOWN: readonly ResourceType<KubeObject>[] = [
  ComputeClusters,
  StakingNetworks,
  StakeAccounts,
  MinerPools,
  Pods,
];

export interface TableOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** A terminal is cleared before each table; elsewhere a table is printed when it differs from the one before. */
  readonly output: NodeJS.WriteStream;
  /** Stands above the table. */
  readonly heading: string;
}

/** Shows the cluster's objects until `signal` is aborted. */
export async function showTable(options: TableOptions): Promise<void> {
  const { clock, signal, output, heading } = options;
  let shown = '';
  while (!signal.aborted) {
    const table = await tables(options);
    if (table !== undefined && (output.isTTY || table !== shown)) {
      output.write(output.isTTY ? `\x1b[2J\x1b[H${heading}\n${table}\n` : `\n${table}\n`);
      shown = table;
    }
    await sleep(clock, REFRESH_MS, signal);
  }
}

/** Undefined when the server could not answer this time: the next table will tell. */
async function tables({ transport, signal }: TableOptions): Promise<string | undefined> {
  try {
    const answers = await Promise.all(SHOWN.map((type) => serverTable(transport, { type, signal })));
    return answers
      .filter(({ rows }) => rows.length > 0)
      .map(tableText)
      .join('\n\n');
  } catch {
    return undefined;
  }
}

/** meta.k8s.io/v1 Table, as far as it is shown. */
export interface ServerTable {
  readonly columnDefinitions: readonly { readonly name: string; readonly priority: number }[];
  readonly rows: readonly {
    readonly cells: readonly unknown[];
    readonly object?: { readonly metadata?: { readonly namespace?: string } };
  }[];
}

async function serverTable(
  transport: Transport,
  { type, signal }: { type: ResourceType<KubeObject>; signal: AbortSignal },
): Promise<ServerTable> {
  const { status, body } = await transport.request({
    method: 'GET',
    path: resourcePath(type),
    headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    signal,
  });
  if (status !== 200) {
    throw new Error(`the API server answers ${status}`);
  }
  return JSON.parse(body) as ServerTable;
}

/** The columns of priority 0, as `kubectl get --all-namespaces` arranges them. */
export function tableText({ columnDefinitions, rows }: ServerTable): string {
  const shown = columnDefinitions.flatMap(({ name, priority }, index) =>
    priority === 0 ? [{ name, index }] : [],
  );
  const namespaced = rows.some(({ object }) => object?.metadata?.namespace !== undefined);
  return columns(
    [...(namespaced ? ['NAMESPACE'] : []), ...shown.map(({ name }) => name.toUpperCase())],
    rows.map(({ cells, object }) => [
      ...(namespaced ? [object?.metadata?.namespace ?? ''] : []),
      ...shown.map(({ index }) => cellText(cells[index])),
    ]),
  );
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return '';
  }
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}
