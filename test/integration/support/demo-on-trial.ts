import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kubectl, kubectlOf } from '../../support/kubectl.ts';
import { kubernetesTools } from '../../support/kubernetes-tools.ts';
import { runProgram, type RunningProgram } from '../../support/operator.ts';
import { clusterKind, type ClusterKind } from '../../support/test-cluster.ts';
import { untilPasses } from '../../support/until-passes.ts';

/** The flag that has the demo bring a control plane of this kind. */
export function onKind(kind: ClusterKind): string {
  return `--control-plane=${kind}`;
}

/** A demo with all its files under one folder. */
export interface DemoOnTrial {
  /** A folder of this suite, empty at first. */
  readonly folder: string;
  /** The environment that has the demo put its files there. */
  readonly env: NodeJS.ProcessEnv;
  /** Starts the demo, once; resolves with what it names to its user. */
  start(): Promise<StartedDemo>;
}

export interface StartedDemo {
  readonly program: RunningProgram;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  /** Standard output of kubectl, which must end with 0. */
  readonly ok: (...args: string[]) => Promise<string>;
}

/**
 * A demo for all tests of the suite around it, gone after them. To be called in `describe`.
 * @param kind of its control plane; by default the one that this run of the suite is about
 */
export function demoOnTrial(kind = clusterKind): DemoOnTrial {
  let folder: string;
  let program: RunningProgram | undefined;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headframe-demo-test-'));
  });
  after(async () => {
    await program?.end('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const environment = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: folder });
  return {
    get folder() {
      return folder;
    },
    get env() {
      return environment();
    },
    async start() {
      const running = runProgram(['demo', onKind(kind)], environment());
      program = running;
      const [kubeconfig, named] = await untilPasses(() => {
        const hints = running.stdout();
        const file = /export KUBECONFIG=(\S+)/.exec(hints)?.[1];
        const path = /^ {2}(\S*kubectl) get/m.exec(hints)?.[1];
        assert.ok(file !== undefined && path !== undefined, running.stderr());
        return [file, path] as const;
      }, 120_000);
      // With the embedded control plane comes no kubectl: the demo tells its user to take their own.
      const path = named === 'kubectl' ? (await kubernetesTools()).kubectl : named;
      const kubectl = kubectlOf({ path, kubeconfig });
      const ok = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await kubectl(args);
        assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
        return stdout;
      };
      return { program: running, kubeconfig, kubectl, ok };
    },
  };
}

/** Processes that have to do with a folder: it is in their command line, their environment, or where they are. */
export async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string): Promise<string> => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    const command = await read('cmdline');
    if (Number(pid) !== process.pid && `${command}\0${await read('environ')}\0${cwd}`.includes(folder)) {
      found.push(`${pid} ${command.replaceAll('\0', ' ')}`);
    }
  }
  return found;
}
