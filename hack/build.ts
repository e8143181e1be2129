/*
 * Bundles the program, and the workloads that the demo's nodes run, into dist/: what the image holds. Start it by
 * dist/headframe.mjs; each command is a file of its own beside it, with what it shares with others, so that none loads what it
 * does not need. Each file appears whole or not at all, and those of the former build stay until the next, so that a program that
 * starts from dist/ meanwhile never finds a file missing.
 */
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

/** The files of one build are written within so many milliseconds. */
const ONE_BUILD_MS = 60_000;

/** On the same file system as dist/, for renames. */
const staging = `dist.${process.pid}.tmp`;

const PROGRAM = 'headframe';

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  // The sources are in the repository; in memory they would be 30 MiB.
  sourcesContent: false,
  logLevel: 'warning',
  // CommonJS dependencies in an ES module bundle call require() for Node's own modules. The name is one that no source imports.
  banner: {
    js: "import { createRequire as createBundleRequire } from 'node:module'; const require = createBundleRequire(import.meta.url);",
  },
};

await build({
  ...shared,
  entryPoints: { [PROGRAM]: 'src/main.ts' },
  outdir: staging,
  outExtension: { '.js': '.mjs' },
  splitting: true,
  // Names stay: stack traces and errors carry them, and keeping them beside shorter ones costs a call for every closure that is made.
  minifyWhitespace: true,
  minifySyntax: true,
  // Only the demo in a checkout builds workloads; the bundle has them beside it.
  external: ['esbuild'],
});
await build({
  ...shared,
  entryPoints: ['src/worker/miner/main.ts'],
  outfile: join(staging, 'reference-miner.mjs'),
});

// Only the demo's API server reads it.
await copyFile(
  'src/devcluster/api-server/generated/builtin-schemas.json',
  join(staging, 'builtin-schemas.json'),
);

// The program itself last: what it imports is there before it.
const built = (await readdir(staging)).sort((a, b) => Number(isProgram(a)) - Number(isProgram(b)));
await mkdir('dist', { recursive: true });
const formerMs = await writtenAt(`${PROGRAM}.mjs`);
for (const file of built) {
  await rename(join(staging, file), join('dist', file));
}
for (const file of (await readdir('dist')).filter((name) => !built.includes(name))) {
  if ((await writtenAt(file)) < formerMs - ONE_BUILD_MS) {
    await rm(join('dist', file), { recursive: true, force: true });
  }
}
await rm(staging, { recursive: true });
process.stdout.write(`dist/${PROGRAM}.mjs and ${built.length - 1} files beside it\n`);

function isProgram(file: string): boolean {
  return file === `${PROGRAM}.mjs`;
}

/** Milliseconds since 1970; 0 when there is no such file in dist/. */
async function writtenAt(file: string): Promise<number> {
  return (await stat(join('dist', file)).catch(() => undefined))?.mtimeMs ?? 0;
}
