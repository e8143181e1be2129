/*
 * Compiles the tests into build/test/, with what they share beside it: mocha loads them as they are, without a compiler in each of
 * its processes and without the helper calls that tsx leaves around every closure (a sixth of the processor time of the unit
 * tests). Every source is there once, whatever imports it, and knows its own place: `import.meta.url` is that of the TypeScript.
 * Tests start the program, too: it is bundled at the same time.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const FOLDER = 'build';

/** What mocha loads beside the tests. */
const hooks = ['test/support/canary-hooks.ts', 'test/e2e/support/assets-first.ts'];

/** The name that stands for `import.meta.url`. */
const PLACE = 'placeOfThisSource';

const places: Plugin = {
  name: 'places',
  setup(compiler) {
    compiler.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const place = JSON.stringify(pathToFileURL(path).href);
      // On the first line, so that those below keep their numbers.
      return {
        contents: text.includes('import.meta') ? `const ${PLACE} = ${place};${text}` : text,
        loader: 'ts',
      };
    });
  },
};

const program = import('./build.ts');
const tests = (await readdir('test', { recursive: true, encoding: 'utf8' }))
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => `test/${path}`);
await rm(FOLDER, { recursive: true, force: true });
await build({
  entryPoints: [...tests, ...hooks],
  outdir: FOLDER,
  outbase: '.',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  define: { 'import.meta.url': PLACE },
  plugins: [places],
});
await program;
process.stdout.write(`${FOLDER}/test: ${tests.length} files of tests\n`);
