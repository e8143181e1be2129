import type { ChildProcess, StdioOptions } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { signalGroup, type ProcessGuard } from '../process/guard.ts';
import { linkerFlags, type BinaryRecipe } from './binaries.ts';

/** The Go release line that `hack/controlplane/go.mod` asks for. */
const NEEDED_GO = { major: 1, minor: 26 } as const;

const ADVICE =
  'Install Go 1.26 or newer (https://go.dev/dl), or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver, etcd, ' +
  'kubectl, kube-scheduler and kube-controller-manager, or use a cluster that you have with --kubeconfig.';

/** @throws Error that says what to install when the `go` command is missing or too old */
export async function checkGo({ guard, moduleFolder, env }: GoModule): Promise<void> {
  // In the module's folder, so that a Go that fetches newer toolchains by itself answers with the one it will use.
  const result = await run(
    guard.spawn('go', ['env', 'GOVERSION'], { cwd: moduleFolder, stdio: outputPipes, env }),
  );
  if (result.missing) {
    throw new Error(`The control plane must be built once, and there is no "go" command. ${ADVICE}`);
  }
  if (result.code !== 0) {
    throw new Error(`"go env" failed: ${lastLines(result.stderr)}. ${ADVICE}`);
  }
  const found = result.stdout.trim();
  const [major = 0, minor = 0] = found.replace(/^go/, '').split('.').map(Number);
  if (major < NEEDED_GO.major || (major === NEEDED_GO.major && minor < NEEDED_GO.minor)) {
    throw new Error(`The control plane must be built once, and ${found} is too old for it. ${ADVICE}`);
  }
}

/** Where Go is run, and with what. */
export interface GoModule {
  readonly moduleFolder: string;
  readonly guard: ProcessGuard;
  readonly env: NodeJS.ProcessEnv;
}

export interface GoBuild extends GoModule {
  readonly recipe: BinaryRecipe;
  readonly version: string;
  /** Where the finished program goes. */
  readonly target: string;
  readonly signal?: AbortSignal | undefined;
}

/** Builds one program. It appears under its name only when whole: a killed build leaves nothing that a later run would trust. */
export async function goBuild({
  recipe,
  moduleFolder,
  version,
  target,
  guard,
  env,
  signal,
}: GoBuild): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}.tmp`;
  const args = ['build', '-trimpath', '-ldflags', linkerFlags(recipe, version), '-o', unfinished];
  const child = guard.spawn('go', [...args, recipe.goPackage], {
    cwd: moduleFolder,
    stdio: outputPipes,
    env: { ...env, CGO_ENABLED: '0' },
  });
  const stop = (): void => {
    if (child.pid !== undefined) {
      signalGroup(child.pid, 'SIGTERM');
    }
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const result = await run(child);
    signal?.throwIfAborted();
    if (result.code !== 0) {
      throw new Error(`Building ${recipe.name} failed: ${lastLines(result.stderr)}`);
    }
    await rename(unfinished, target);
  } finally {
    signal?.removeEventListener('abort', stop);
    await rm(unfinished, { force: true });
  }
}

const outputPipes: StdioOptions = ['ignore', 'pipe', 'pipe'];

interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
  /** The program itself was not found. */
  missing: boolean;
}

function run(child: ChildProcess): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const result: RunResult = { code: null, stdout: '', stderr: '', missing: false };
    child.stdout?.on('data', (chunk: Buffer) => (result.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (result.stderr += chunk.toString()));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        resolve({ ...result, missing: true });
      } else {
        reject(error);
      }
    });
    child.once('close', (code) => resolve({ ...result, code }));
  });
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-8).join('\n');
}
