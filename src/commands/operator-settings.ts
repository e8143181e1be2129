import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LogLevel, logLevels } from '../telemetry/winston-logger.ts';

/** Where a server of ours listens. */
export interface BindAddress {
  /** Undefined: all addresses of the machine. */
  readonly host: string | undefined;
  /** 0 lets the system choose a free one. */
  readonly port: number;
}

/** Everything that can be set on an operator, checked. */
export interface OperatorSettings {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly metricsBindAddress: BindAddress;
  readonly healthProbeBindAddress: BindAddress;
  readonly leaderElect: boolean;
  readonly leaderElectionNamespace?: string;
  readonly leaderElectionId: string;
  readonly drainTimeoutSeconds: number;
  readonly usageCheckpointSeconds: number;
  readonly allowCredentialPlugins: readonly string[];
  readonly dryRun: boolean;
  readonly logLevel: LogLevel;
}

/** Adds the operator's flags; each can also be set by the environment variable that its help names. A flag wins. */
export function addOperatorFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--kubeconfig <file>',
        'kubeconfig of the cluster; default: $KUBECONFIG, else the cluster this runs in, else ~/.kube/config',
      ).env('HEADFRAME_KUBECONFIG'),
    )
    .addOption(
      new Option('--context <name>', 'context of the kubeconfig; default: its current-context').env(
        'HEADFRAME_CONTEXT',
      ),
    )
    .addOption(
      new Option('--metrics-bind-address <[host]:port>', 'where /metrics is served')
        .env('HEADFRAME_METRICS_BIND_ADDRESS')
        .argParser(bindAddress)
        .default({ host: undefined, port: 8080 }, ':8080'),
    )
    .addOption(
      new Option('--health-probe-bind-address <[host]:port>', 'where /livez and /readyz are served')
        .env('HEADFRAME_HEALTH_PROBE_BIND_ADDRESS')
        .argParser(bindAddress)
        .default({ host: undefined, port: 8081 }, ':8081'),
    )
    .addOption(
      new Option('--no-leader-elect', 'do without a lease; only when no other operator can be running').env(
        'HEADFRAME_NO_LEADER_ELECT',
      ),
    )
    .addOption(
      new Option(
        '--leader-election-namespace <name>',
        'namespace of the lease; default: the one this runs in, or the context’s',
      )
        .env('HEADFRAME_LEADER_ELECTION_NAMESPACE')
        .argParser(dnsLabel),
    )
    .addOption(
      new Option('--leader-election-id <name>', 'name of the lease')
        .env('HEADFRAME_LEADER_ELECTION_ID')
        .argParser(dnsLabel)
        .default('headframe-operator'),
    )
    .addOption(
      new Option('--drain-timeout-seconds <n>', 'how long reconciles under way may take to end on SIGTERM')
        .env('HEADFRAME_DRAIN_TIMEOUT_SECONDS')
        .argParser(seconds)
        .default(30),
    )
    .addOption(
      new Option(
        '--usage-checkpoint-seconds <n>',
        'how often the ledgers of GPU time are written at most; what was measured since counts as unmeasured after a kill',
      )
        .env('HEADFRAME_USAGE_CHECKPOINT_SECONDS')
        .argParser(seconds)
        .default(60),
    )
    .addOption(
      new Option(
        '--dry-run',
        'sign and send nothing on any chain; StakeAccounts say what would be sent. Pods are made as ever',
      )
        .env('HEADFRAME_DRY_RUN')
        .default(false),
    )
    .addOption(
      new Option(
        '--allow-credential-plugins <commands>',
        'commands, separated by commas, that kubeconfigs in Secrets may name as credential plugins (users[].user.exec), such as aws or gke-gcloud-auth-plugin; default: none',
      )
        .env('HEADFRAME_ALLOW_CREDENTIAL_PLUGINS')
        .argParser(commandNames)
        .default([], ''),
    )
    .addOption(
      new Option('--log-level <level>', 'least important log lines to write')
        .env('HEADFRAME_LOG_LEVEL')
        .choices(logLevels)
        .default('info' satisfies LogLevel),
    );
}

/** `:8080`, `127.0.0.1:8080` or `[::1]:8080`. */
export function bindAddress(text: string): BindAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError(
      `'${text}' must be a port from 0 to 65535 after an optional address, such as ':8080', '127.0.0.1:8080' or '[::1]:8080'.`,
    );
  }
  const host = match[1] ?? match[2];
  return { host: host === undefined || host === '' ? undefined : host, port };
}

/** Names that the system looks up in PATH: where the operator finds them is not for a Secret to say. */
function commandNames(text: string): readonly string[] {
  const names = text.split(',').filter((name) => name !== '');
  const wrong = names.find((name) => !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `'${wrong}' must be the name of a command in PATH: letters, digits, dots, dashes and underscores, no path.`,
    );
  }
  return names;
}

function dnsLabel(text: string): string {
  if (!/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text)) {
    throw new InvalidArgumentError(
      `'${text}' must be a DNS label: at most 63 lower-case letters, digits and dashes, neither first nor last a dash.`,
    );
  }
  return text;
}

function seconds(text: string): number {
  if (!/^\d{1,5}$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' must be a whole number of seconds from 0 to 99999.`);
  }
  return Number(text);
}
