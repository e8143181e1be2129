import { execFile } from 'node:child_process';

/** How a kubectl ended, and what it printed. */
export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs kubectl, with `input` on its standard input; an object goes there as JSON. */
export type Kubectl = (args: readonly string[], input?: string | object) => Promise<KubectlResult>;

/** The kubectl at `path`, speaking to the cluster of the kubeconfig. */
export function kubectlOf({ path, kubeconfig }: { path: string; kubeconfig: string }): Kubectl {
  return (args, input = '') =>
    new Promise((resolve) => {
      const child = execFile(
        path,
        ['--kubeconfig', kubeconfig, ...args],
        { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
        },
      );
      child.stdin?.end(typeof input === 'string' ? input : JSON.stringify(input));
    });
}
