/*
 * Bundles the program, and the workloads that the demo's nodes run, into single files under dist/: what the image holds.
 * Each file appears whole or not at all, so that a program that runs from dist/ meanwhile never finds it missing.
 */
import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

/** On the same file system as dist/, for renames. */
const staging = `dist.${process.pid}.tmp`;

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
  entryPoints: ['src/main.ts'],
  outfile: join(staging, 'headframe.mjs'),
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

const built = await readdir(staging);
await mkdir('dist', { recursive: true });
for (const file of built) {
  await rename(join(staging, file), join('dist', file));
}
for (const file of await readdir('dist')) {
  if (!built.includes(file)) {
    await rm(join('dist', file), { recursive: true });
  }
}
await rm(staging, { recursive: true });

const { size } = await stat('dist/headframe.mjs');
process.stdout.write(`dist/headframe.mjs ${(size / 1024 / 1024).toFixed(1)} MiB\n`);
