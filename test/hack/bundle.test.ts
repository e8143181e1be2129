import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUNDLE, runProgram } from '../support/operator.ts';

/** A file that is loaded with the one that names it; those that are loaded later, by `import()`, are none. */
const STATIC_IMPORT = /(?:^|;|\})import(?:[^;'"()]*from)?"\.\/([\w.-]+\.mjs)"/gm;

const folder = dirname(BUNDLE);

/** The sources of a file of the bundle. */
function sourcesOf(file: string): string[] {
  const map = JSON.parse(readFileSync(join(folder, `${file}.map`), 'utf8')) as { sources: string[] };
  return map.sources;
}

/** The sources of a file of the bundle and of all that is loaded with it. */
function sourcesWith(file: string, loaded = new Set<string>()): string[] {
  if (loaded.has(file)) {
    return [];
  }
  loaded.add(file);
  const code = readFileSync(join(folder, file), 'utf8');
  return [
    ...sourcesOf(file),
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
const CLIENT_OF_KUBERNETES = /@kubernetes\/client-node\/\w+\/gen\//;
const DEV_CLUSTER = /src\/devcluster\/api-server\//;
const CHAIN = /node_modules\/ethers\//;
const CONTROLLERS = /src\/controllers\/minerpool\/controller\.ts/;
/** All languages of zod's messages come with `import { z } from 'zod'`; with `import * as z` only what is used. */
const LANGUAGES = /zod\/v4\/locales\/(?!en\.)\w+\.js/;

describe('bundle', () => {
  for (const { command, needs, without } of [
    {
      command: 'operator',
      needs: [CHAIN, CONTROLLERS],
      without: [LANGUAGES, CLIENT_OF_KUBERNETES, DEV_CLUSTER],
    },
    { command: 'tx', needs: [], without: [LANGUAGES, CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS] },
    {
      command: 'akash',
      needs: [],
      without: [LANGUAGES, CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS, CHAIN],
    },
    {
      command: 'demo',
      needs: [],
      without: [LANGUAGES, CLIENT_OF_KUBERNETES, DEV_CLUSTER, CONTROLLERS, CHAIN],
    },
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

  it('has all that it does not load at once', () => {
    const sources = readdirSync(folder)
      .filter((name) => name.endsWith('.mjs.map'))
      .flatMap((name) => sourcesOf(name.slice(0, -'.map'.length)));
    for (const pattern of [CLIENT_OF_KUBERNETES, DEV_CLUSTER, CHAIN, CONTROLLERS]) {
      assert.ok(
        sources.some((source) => pattern.test(source)),
        String(pattern),
      );
    }
    assert.match(createRequire(import.meta.url).resolve('zod/v4/locales/de.js'), LANGUAGES);
  });

  it('loads the old auth providers when a user has one', async () => {
    const kubeconfig = join(await mkdtemp(join(tmpdir(), 'headframe-bundle-')), 'config');
    await writeFile(
      kubeconfig,
      `current-context: lab
clusters: [{ name: lab, cluster: { server: 'https://127.0.0.1:1' } }]
contexts: [{ name: lab, context: { cluster: lab, user: lab } }]
users: [{ name: lab, user: { auth-provider: { name: oidc, config: {} } } }]
`,
    );
    const { code, stderr } = await runProgram(['operator', `--kubeconfig=${kubeconfig}`]).finished;
    await rm(dirname(kubeconfig), { recursive: true });
    assert.equal(code, 2, stderr);
    assert.match(stderr, /the auth-provider "oidc" of user "lab" gives no token/);
  });
});
