/* Bundles the program, and the workloads that the demo's nodes run, into single files under dist/: what the image holds. */
import { rm, stat } from 'node:fs/promises';
import { build, type BuildOptions } from 'esbuild';

await rm('dist', { recursive: true, force: true });

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  // CommonJS dependencies in an ES module bundle call require() for Node's own modules.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
};

await build({
  ...shared,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/headframe.mjs',
  minify: true,
  keepNames: true,
  // Only the demo in a checkout builds workloads; the bundle has them beside it.
  external: ['esbuild'],
});
await build({ ...shared, entryPoints: ['src/worker/miner/main.ts'], outfile: 'dist/reference-miner.mjs' });

const { size } = await stat('dist/headframe.mjs');
process.stdout.write(`dist/headframe.mjs ${(size / 1024 / 1024).toFixed(1)} MiB\n`);
