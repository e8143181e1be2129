import { execFile } from 'node:child_process';
import type { KubeObject } from '../../src/api/kube-object.ts';
import { chartFolder } from '../../hack/install-manifest.ts';
import { renderChart } from '../../hack/render-chart.ts';
import { kubernetesTools } from './kubernetes-tools.ts';

/** How a program ended, and what it printed. */
export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm; with the user's own configuration and caches out of the way. */
export async function helm(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<HelmResult> {
  const { helm: path } = await kubernetesTools();
  return new Promise((resolve) => {
    execFile(
      path,
      [...args],
      { maxBuffer: 64 * 1024 * 1024, env: { PATH: process.env['PATH'], HOME: '/nonexistent', ...env } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      },
    );
  });
}

/** The objects of a release of the chart; its CRDs, which are most of its text, only on demand. */
export async function release({
  name = 'headframe',
  namespace = 'headframe-system',
  args = [],
  crds = false,
}: {
  name?: string;
  namespace?: string;
  args?: readonly string[];
  crds?: boolean;
} = {}): Promise<KubeObject[]> {
  const { helm: path } = await kubernetesTools();
  const all = crds ? args : [...args, '--set=crds.enabled=false'];
  return renderChart({ helm: path, chart: chartFolder, name, namespace, args: all });
}

/** The only object of a kind. */
export function only<T = KubeObject>(objects: readonly KubeObject[], kind: string): T {
  const [found, ...more] = objects.filter((object) => object.kind === kind);
  if (found === undefined || more.length > 0) {
    throw new Error(`the release has ${found === undefined ? 'no' : 'more than one'} ${kind}`);
  }
  return found as T;
}
