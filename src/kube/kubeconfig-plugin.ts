import type { ExecConfig } from './exec-credential.ts';
import { KubeconfigError } from './kubeconfig-error.ts';
import { isRecord } from './kubeconfig-yaml.ts';

/** Where the plugin stands, and what may be run. */
export interface PluginOptions {
  /** For people: `users["x"].user.exec of key kubeconfig of Secret ns/name`. */
  readonly path: string;
  /** Commands that may be run, as a kubeconfig has to write them. */
  readonly plugins: readonly string[];
}

/**
 * A credential plugin out of a kubeconfig that somebody else wrote. It may name a command that is allowed, and its arguments. It may not
 * set the environment: that would be enough to run anything (`PATH`, `LD_PRELOAD`).
 * @returns undefined when there is none
 * @throws KubeconfigError that says what is allowed; it quotes nothing of the plugin
 */
export function pluginOf(value: unknown, { path, plugins }: PluginOptions): ExecConfig | undefined {
  if (!value) {
    return undefined;
  }
  const plugin = isRecord(value) ? value : {};
  const wrong = checks(plugin, plugins).find(({ holds }) => !holds);
  if (wrong !== undefined) {
    throw new KubeconfigError(`${path}${wrong.says}`);
  }
  const { apiVersion, command, args, provideClusterInfo } = plugin as unknown as ExecConfig;
  return {
    command,
    args: args ?? [],
    ...(apiVersion === undefined ? {} : { apiVersion }),
    provideClusterInfo: provideClusterInfo === true,
  };
}

/** What must hold, in the order in which it is said. */
function checks(
  { apiVersion, command, args, env, interactiveMode }: Record<string, unknown>,
  plugins: readonly string[],
): readonly { readonly holds: boolean; readonly says: string }[] {
  return [
    {
      holds: typeof command === 'string' && plugins.includes(command),
      says: ` is not allowed: ${remedy(plugins)}`,
    },
    {
      holds: isNothing(env) || (Array.isArray(env) && env.length === 0),
      says: '.env is not allowed: set it for the operator, as an environment variable',
    },
    {
      holds: interactiveMode !== 'Always',
      says: '.interactiveMode must not be Always: there is nobody to answer',
    },
    {
      holds: apiVersion === undefined || versions.includes(apiVersion),
      says: `.apiVersion must be one of: ${versions.join(', ')}`,
    },
    { holds: isNothing(args) || isTexts(args), says: '.args must be a list of texts' },
  ];
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

const versions: readonly unknown[] = [
  'client.authentication.k8s.io/v1',
  'client.authentication.k8s.io/v1beta1',
];

function remedy(plugins: readonly string[]): string {
  return plugins.length === 0
    ? 'no program is run for a Secret unless the operator was started with --allow-credential-plugins; use a token or a client certificate'
    : `the command must be one of --allow-credential-plugins (${plugins.join(', ')}), written like this; or use a token or a client certificate`;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
