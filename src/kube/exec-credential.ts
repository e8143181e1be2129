import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { KubeconfigError } from './kubeconfig-error.ts';

/** `users[].user.exec` of a kubeconfig. */
export interface ExecConfig {
  readonly apiVersion?: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
}

/** What a credential plugin answers. */
export interface ExecCredential {
  readonly token?: string;
  /** PEM. */
  readonly clientCertificateData?: string;
  /** PEM. */
  readonly clientKeyData?: string;
  /** RFC 3339; without it the credential holds until the server refuses it. */
  readonly expirationTimestamp?: string;
}

/** Long enough for a plugin that asks a cloud, short enough not to hang for ever. */
const PLUGIN_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs a credential plugin (client.authentication.k8s.io). The library's own runs it on every request when the answer has no
 * expiry, and does not tell it which API version to speak.
 * @param folder of the kubeconfig: a relative path of a command starts there
 * @throws KubeconfigError; what the plugin wrote is left out, for it may be a credential
 */
export async function execCredential(
  exec: ExecConfig,
  folder: string,
  cluster: Readonly<Record<string, unknown>>,
): Promise<ExecCredential> {
  const { apiVersion = 'client.authentication.k8s.io/v1' } = exec;
  const info = {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(exec.provideClusterInfo === true ? { cluster } : {}) },
  };
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  for (const { name, value } of exec.env ?? []) {
    env[name] = value;
  }
  const command = /[/\\]/.test(exec.command) ? resolve(folder, exec.command) : exec.command;
  const output = await run(exec, command, env);
  try {
    const { status } = JSON.parse(output) as { status?: ExecCredential };
    if (status?.token !== undefined || status?.clientCertificateData !== undefined) {
      return status;
    }
  } catch {
    // Said below, without the output.
  }
  throw new KubeconfigError(`the credential plugin ${exec.command} did not answer with a credential`);
}

function run(exec: ExecConfig, command: string, env: NodeJS.ProcessEnv): Promise<string> {
  const options = { env, timeout: PLUGIN_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true };
  return new Promise((fulfil, reject) => {
    const child = execFile(command, [...(exec.args ?? [])], options, (error, stdout) => {
      if (error === null) {
        fulfil(stdout);
      } else {
        reject(new KubeconfigError(`the credential plugin ${exec.command} ${failure(error)}${hint(exec)}`));
      }
    });
    child.stdin?.end();
  });
}

function failure(error: { code?: unknown; killed?: boolean }): string {
  if (error.code === 'ENOENT') {
    return 'is not installed';
  }
  return error.killed === true ? 'did not end in time' : `failed (${String(error.code)})`;
}

function hint({ installHint }: ExecConfig): string {
  return installHint === undefined ? '' : `. ${installHint}`;
}
