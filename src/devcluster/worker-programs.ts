import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './control-plane/assets.ts';

/** File name of the reference miner as a single JavaScript file; the release build puts it beside the bundle. */
export const MINER_FILE = 'reference-miner.mjs';

/** A miner needs little memory, and twenty of them shall fit on a laptop. */
const NODE_FLAGS = ['--max-old-space-size=32', '--max-semi-space-size=1'];

/**
 * The command line of the reference miner: this Node and one plain JavaScript file, which starts in some 50 ms where running
 * the TypeScript takes half a second. Beside a release bundle the file is there; in a checkout it is built from
 * `src/worker/miner` into the per-user cache, once per content.
 */
export async function minerCommand(env: NodeJS.ProcessEnv = process.env): Promise<readonly string[]> {
  const here = dirname(fileURLToPath(import.meta.url));
  const shipped = join(here, MINER_FILE);
  const script = existsSync(shipped)
    ? shipped
    : await buildMiner(join(here, '..', 'worker', 'miner', 'main.ts'), env);
  return [process.execPath, ...NODE_FLAGS, script];
}

async function buildMiner(entryPoint: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [entryPoint],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  const contents = result.outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  const script = join(cacheFolder(env), 'workers', hash, MINER_FILE);
  if (!existsSync(script)) {
    const unfinished = `${script}.${process.pid}.tmp`;
    await mkdir(dirname(script), { recursive: true });
    await writeFile(unfinished, contents);
    await rename(unfinished, script);
  }
  return script;
}
