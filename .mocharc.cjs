/*
 * npm test: unit and integration, several files at a time. Those that take longest come first, and among them the ones that mostly
 * wait (for blocks, leases, grace periods) beside the ones that keep a core busy: else they would wait together at the end.
 */
const first = [
  'tx',
  'rewards',
  'minerpool',
  'stake-account',
  'demo',
  'cluster-identity',
  'stake-signers',
  'demo-check',
  'stake-troubles',
  'chain-engine',
  'faults',
];

module.exports = {
  'node-option': ['import=tsx', 'enable-source-maps', 'max-semi-space-size=64'],
  spec: [
    ...first.map((name) => `test/integration/**/${name}.test.ts`),
    `test/integration/**/!(${first.join('|')}).test.ts`,
    'test/{,!(integration|e2e)/**/}*.test.ts',
  ],
  require: ['./test/support/canary-hooks.ts'],
  'forbid-only': true,
  parallel: true,
  jobs: 4,
  timeout: 10000,
  reporter: 'test/support/counting-reporter.cjs',
};
