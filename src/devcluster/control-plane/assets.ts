import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, type Clock } from '../../time/clock.ts';
import { createProcessGuard, type ProcessGuard } from '../process/guard.ts';
import { kubernetesVersion, recipes, type BinaryName, type BinaryRecipe } from './binaries.ts';
import { withBuildLock } from './build-lock.ts';
import { checkGo, goBuild } from './go-build.ts';

/** Paths of the control plane's programs on this machine. */
export type Assets = Readonly<Record<Exclude<BinaryName, 'kwok'>, string>> & { readonly kwok?: string };

export interface AssetOptions {
  /** Told in words what is going on: at each step and every few seconds during one. */
  readonly progress?: (message: string) => void;
  /** KWOK as well: thousands of nodes that only pretend. Default false. */
  readonly kwok?: boolean;
  /** Default `process.env`: `KUBEBUILDER_ASSETS`, `XDG_CACHE_HOME`. */
  readonly env?: NodeJS.ProcessEnv;
  /** The folder that holds `controlplane/go.mod`. Default: found from where this code lies. */
  readonly hackFolder?: string;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** Change it when a change of the build commands must rebuild what people have in their caches. */
const RECIPE = 1;
const PROGRESS_EVERY_MS = 5_000;

/**
 * Finds the control plane's programs, and builds those that are nowhere (some 11 minutes on 2 cores, once per user and
 * version). Looked for in `$KUBEBUILDER_ASSETS`, then in `${XDG_CACHE_HOME:-~/.cache}/headframe/controlplane/<version>-<hash>/bin`.
 * @throws Error that says what to install or set
 */
export async function ensureAssets(options: AssetOptions = {}): Promise<Assets> {
  const { env = process.env, kwok = false } = options;
  const wanted = recipes.filter((recipe) => kwok || recipe.name !== 'kwok');
  const given = await kubebuilderAssets(env['KUBEBUILDER_ASSETS']);
  const stillWanted = wanted.filter(({ name }) => !given.has(name));
  const paths = new Map(given);
  if (stillWanted.length > 0) {
    const sources = await readSources(options.hackFolder ?? findHackFolder());
    const bin = join(cacheFolder(env), 'controlplane', `${sources.version}-${sources.hash}`, 'bin');
    await buildMissing(stillWanted, { ...options, sources, bin });
    for (const { name } of stillWanted) {
      paths.set(name, join(bin, name));
    }
  }
  return Object.fromEntries(paths) as Assets;
}

/** The per-user folder in which Headframe keeps what is costly to make again. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'headframe');
}

/** What a folder in the manner of envtest offers. Its three programs must be there, else it was set by mistake. */
async function kubebuilderAssets(folder: string | undefined): Promise<Map<BinaryName, string>> {
  const found = new Map<BinaryName, string>();
  if (folder === undefined || folder === '') {
    return found;
  }
  for (const { name } of recipes) {
    if (await isExecutable(join(folder, name))) {
      found.set(name, join(folder, name));
    }
  }
  const missing = (['kube-apiserver', 'etcd', 'kubectl'] as const).filter((name) => !found.has(name));
  if (missing.length > 0) {
    throw new Error(
      `KUBEBUILDER_ASSETS is ${folder}, which has no ${missing.join(', ')} that can be run. Unset it to have them built.`,
    );
  }
  return found;
}

interface Sources {
  readonly hackFolder: string;
  readonly version: string;
  readonly hash: string;
}

async function readSources(hackFolder: string): Promise<Sources> {
  const files = ['controlplane', 'kwok'].map((module) => join(hackFolder, module, 'go.mod'));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const hash = createHash('sha256')
    .update(JSON.stringify([RECIPE, process.platform, process.arch, texts]))
    .digest('hex');
  return { hackFolder, version: kubernetesVersion(texts[0] ?? ''), hash: hash.slice(0, 12) };
}

function findHackFolder(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'hack', 'controlplane', 'go.mod'))) {
      return join(folder, 'hack');
    }
  }
  throw new Error(
    'The control plane must be built once from hack/controlplane, which is not part of this package. Run from a clone of the ' +
      'repository, or set KUBEBUILDER_ASSETS to a folder that holds kube-apiserver, etcd, kubectl, kube-scheduler and ' +
      'kube-controller-manager, or use a cluster that you have with --kubeconfig.',
  );
}

interface BuildPlan extends AssetOptions {
  readonly sources: Sources;
  readonly bin: string;
}

async function buildMissing(wanted: readonly BinaryRecipe[], plan: BuildPlan): Promise<void> {
  const { bin, progress = () => undefined, signal, clock = systemClock } = plan;
  if ((await missingIn(bin, wanted)).length === 0) {
    return;
  }
  await mkdir(bin, { recursive: true });
  const guard = createProcessGuard();
  const onWait = (pid: number): void =>
    progress(`another run (process ${pid}) is building the control plane; waiting for it`);
  try {
    await withBuildLock({ path: join(bin, '.lock'), clock, signal, onWait }, async () => {
      await removeUnfinished(bin);
      const missing = await missingIn(bin, wanted);
      for (const [index, recipe] of missing.entries()) {
        await buildOne(recipe, { plan, guard, label: stepLabel(missing, index) });
      }
    });
  } finally {
    await guard.dispose();
  }
}

/** `kube-apiserver (2 of 6, about 7 min on 2 cores; then kubectl)` */
function stepLabel(steps: readonly BinaryRecipe[], index: number): string {
  const { name = '', typicalSeconds = 0 } = steps[index] ?? {};
  const next = steps[index + 1];
  const duration = typicalSeconds < 100 ? `${typicalSeconds} s` : `${Math.round(typicalSeconds / 60)} min`;
  const then = next === undefined ? '' : `; then ${next.name}`;
  return `${name} (${index + 1} of ${steps.length}, about ${duration} on 2 cores${then})`;
}

async function buildOne(
  recipe: BinaryRecipe,
  { plan, guard, label }: { plan: BuildPlan; guard: ProcessGuard; label: string },
): Promise<void> {
  const { sources, bin, progress = () => undefined, signal, clock = systemClock, env = process.env } = plan;
  const moduleFolder = join(sources.hackFolder, recipe.module);
  await checkGo({ guard, moduleFolder, env });
  const started = clock.monotonic();
  const elapsed = (): string => `${Math.round((clock.monotonic() - started) / 1000)} s`;
  progress(`building ${label}`);
  const report = (): void => {
    progress(`building ${label}: ${elapsed()}`);
    timer = clock.after(PROGRESS_EVERY_MS, report);
  };
  let timer = clock.after(PROGRESS_EVERY_MS, report);
  try {
    await goBuild({
      recipe,
      moduleFolder,
      version: sources.version,
      target: join(bin, recipe.name),
      guard,
      env,
      signal,
    });
    progress(`built ${recipe.name} in ${elapsed()}`);
  } finally {
    timer.cancel();
  }
}

/** What a build left that was killed; whoever holds the lock is the only one who builds. */
async function removeUnfinished(bin: string): Promise<void> {
  const names = await readdir(bin);
  await Promise.all(
    names.filter((name) => name.endsWith('.tmp')).map((name) => rm(join(bin, name), { force: true })),
  );
}

async function missingIn(bin: string, wanted: readonly BinaryRecipe[]): Promise<BinaryRecipe[]> {
  const present = await Promise.all(wanted.map(({ name }) => isExecutable(join(bin, name))));
  return wanted.filter((_, index) => present[index] !== true);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
