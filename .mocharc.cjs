/*
 * npm test: unit and integration, as hack/build-tests.ts has compiled them, seven files at a time. The files that take longest come
 * first, and among them the ones that mostly wait (for blocks, leases, grace periods) beside the ones that keep a core busy: else they
 * would wait together at the end.
 */
const first = [
  'tx',
  'rewards',
  'minerpool',
  'stake-account',
  'cluster-identity',
  'stake-signers',
  'demo',
  'stake-troubles',
];

module.exports = {
  'node-option': ['enable-source-maps', 'max-semi-space-size=64'],
  spec: [
    ...first.map((name) => `build/test/integration/**/${name}.test.mjs`),
    `build/test/integration/**/!(${first.join('|')}).test.mjs`,
    'build/test/{,!(integration|e2e)/**/}*.test.mjs',
  ],
  ignore: ['build/test/**/*.chaos.test.mjs'],
  require: ['./build/test/support/canary-hooks.mjs'],
  'forbid-only': true,
  parallel: true,
  jobs: 7,
  timeout: 10000,
  reporter: 'test/support/counting-reporter.cjs',
};
