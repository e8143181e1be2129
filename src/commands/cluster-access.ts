import { type Command, Option } from 'commander';
import { MinerPools } from '../api/miner-pool.ts';
import { type KubeClient, kubeClient } from '../kube/client.ts';
import { ApiError } from '../kube/errors.ts';
import { type Transport, createTransport } from '../kube/transport.ts';
import { systemClock } from '../time/clock.ts';
import { connect } from './connect.ts';
import { ExitError } from './exit-error.ts';

/** The flags by which a command finds its cluster. */
export interface ClusterSettings {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** The flags by which a command finds an object of a namespace. */
export interface NamespaceSettings extends ClusterSettings {
  readonly namespace?: string;
}

/** What a command does its work with. */
export interface ClusterAccess {
  readonly client: KubeClient;
  /** Of the flag; else of the context. */
  readonly namespace: string;
  /**
   * What to say of an object that there is not: that, or that nobody has told the cluster of our kinds yet.
   * @throws ApiError
   */
  readonly missing: (message: string) => Promise<ExitError>;
}

/** Adds `--kubeconfig` and `--context`; each can also be set by the environment variable that its help names. */
export function addClusterFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--kubeconfig <file>',
        'kubeconfig of the cluster in which Headframe runs; default: $KUBECONFIG, else the cluster this runs in, else ~/.kube/config',
      ).env('HEADFRAME_KUBECONFIG'),
    )
    .addOption(
      new Option('--context <name>', 'context of the kubeconfig; default: its current-context').env(
        'HEADFRAME_CONTEXT',
      ),
    );
}

/**
 * Connects, works, and closes the connection whatever comes of it.
 * @throws ExitError of code 2 for whatever the kubeconfig, or the server, has against it
 */
export async function withCluster<Result>(
  settings: NamespaceSettings,
  work: (access: ClusterAccess) => Promise<Result>,
): Promise<Result> {
  const connection = await connect(settings);
  const transport = createTransport(connection, { clock: systemClock });
  try {
    return await work({
      client: kubeClient(transport),
      namespace: settings.namespace ?? connection.namespace,
      missing: (message) => whatIsMissing(transport, message),
    });
  } catch (error) {
    if (error instanceof ApiError) {
      throw new ExitError(`cannot use ${connection.description}: ${error.message}`, 2, { cause: error });
    }
    throw error;
  } finally {
    transport.close();
  }
}

async function whatIsMissing(transport: Transport, message: string): Promise<ExitError> {
  const { status } = await transport.request({
    method: 'GET',
    path: `/apis/${MinerPools.group}/${MinerPools.version}`,
  });
  return new ExitError(
    status === 404
      ? 'the CustomResourceDefinitions are missing: headframe crds | kubectl apply -f -'
      : message,
    2,
  );
}
