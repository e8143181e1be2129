import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUNDLE } from '../support/operator.ts';

/** A file that is loaded with the one that names it; those that are loaded later, by `import()`, are none. */
const STATIC_IMPORT = /(?:^|;|\})import(?:[^;'"()]*from)?"\.\/([\w.-]+\.mjs)"/gm;

const folder = dirname(BUNDLE);

/** The sources of a file of the bundle and of all that is loaded with it. */
function sourcesWith(file: string, loaded = new Set<string>()): string[] {
  if (loaded.has(file)) {
    return [];
  }
  loaded.add(file);
  const code = readFileSync(join(folder, file), 'utf8');
  const { sources } = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8')) as { sources: string[] };
  return [
    ...sources,
    ...[...code.matchAll(STATIC_IMPORT)].flatMap(([, next]) => sourcesWith(next ?? '', loaded)),
  ];
}

/** The file of a command: the program imports it by name. */
function fileOf(command: string): string {
  const program = readFileSync(BUNDLE, 'utf8');
  const [, file] = new RegExp(`import\\("\\./(${command}-[A-Z0-9]+\\.mjs)"\\)`).exec(program) ?? [];
  assert.ok(file !== undefined && readdirSync(folder).includes(file), `no file of ${command} in ${program}`);
  return file;
}

/** What would cost every start of a command that does not need it: time, and memory of the operator as long as it runs. */
const CLIENT_OF_KUBERNETES = /@kubernetes\/client-node\/dist\/gen\//;
const DEV_CLUSTER = /src\/devcluster\/api-server\//;
const CHAIN = /node_modules\/ethers\//;
const CONTROLLERS = /src\/controllers\/minerpool\/controller\.ts/;

describe('bundle', () => {
  for (const { command, needs, without } of [
    { command: 'operator', needs: [CHAIN, CONTROLLERS], without: [CLIENT_OF_KUBERNETES, DEV_CLUSTER] },
    { command: 'tx', needs: [], without: [CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS] },
    { command: 'akash', needs: [], without: [CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS, CHAIN] },
    { command: 'demo', needs: [], without: [CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS, CHAIN] },
  ]) {
    it(`loads for ${command} only what it needs`, () => {
      const sources = [...sourcesWith('headframe.mjs'), ...sourcesWith(fileOf(command))];
      assert.ok(
        sources.some((source) => source.endsWith(`src/commands/${command}.ts`)),
        'its own code is among it',
      );
      for (const needed of needs) {
        assert.ok(
          sources.some((source) => needed.test(source)),
          `${String(needed)} is among it`,
        );
      }
      for (const unwanted of without) {
        assert.deepEqual(sources.filter((source) => unwanted.test(source)).slice(0, 3), []);
      }
    });
  }
});
