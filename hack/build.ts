/*
 * Bundles the program, and the workloads that the demo's nodes run, into dist/: what the image holds. Start it by
 * dist/headframe.mjs; each command is a file of its own beside it, with what it shares with others, so that none loads what it
 * does not need. Each file appears whole or not at all, and what nothing needs any more stays for a while, so that a program
 * that starts from dist/ meanwhile never finds a file missing.
 */
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

/** What an earlier build left goes after so many milliseconds. */
const LEFT_FOR_MS = 10 * 60_000;

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
for (const file of built) {
  await rename(join(staging, file), join('dist', file));
}
for (const file of (await readdir('dist')).filter((name) => !built.includes(name))) {
  const path = join('dist', file);
  if (Date.now() - (await stat(path)).mtimeMs > LEFT_FOR_MS) {
    await rm(path, { recursive: true });
  }
}
await rm(staging, { recursive: true });
process.stdout.write(`dist/${PROGRAM}.mjs and ${built.length - 1} files beside it\n`);

function isProgram(file: string): boolean {
  return file === `${PROGRAM}.mjs`;
}
