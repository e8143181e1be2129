import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/architecture.md "The house"). A folder may import itself, the folders listed here,
 * and nothing else of ours. Two controllers never import each other: they meet in the API objects.
 */
export const layers = {
  api: [],
  time: [],
  telemetry: ['time'],
  compute: ['api'],
  chain: ['api', 'telemetry', 'time'],
  kube: ['api', 'telemetry', 'time'],
  controller: ['api', 'telemetry', 'time', 'kube'],
  controllers: ['api', 'telemetry', 'time', 'kube', 'chain', 'controller', 'compute'],
  web: ['api', 'telemetry', 'time'],
  worker: [],
  devcluster: ['api', 'telemetry', 'time', 'kube', 'chain', 'compute', 'web'],
  commands: [
    'api',
    'telemetry',
    'time',
    'kube',
    'chain',
    'controller',
    'controllers',
    'compute',
    'chain',
    'web',
    'devcluster',
    'worker',
  ],
};

const folders = Object.keys(layers);

/** Controllers that never import each other. What they share lies beside their folders, and knows none of them. */
const controllers = ['minerpool', 'computecluster', 'usage', 'stakeaccount', 'stakingnetwork'];
const shared = ['boards', 'fleet', 'networks', 'rewards', 'prices', 'slashes'];

function controllerRule(folder) {
  const others = controllers.filter((other) => other !== folder).join('|');
  const forbidden = forbiddenIn('controllers');
  return {
    files: [`src/controllers/${folder}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            forbidden,
            {
              regex: `^\\.\\./(${others})/`,
              message: 'Controllers meet in the API objects, not in code (eslint.config.js).',
            },
          ],
        },
      ],
    },
  };
}

/** Forbids, inside `folder`, every relative import that leads into a folder it may not know. */
function layerRule(folder) {
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [forbiddenIn(folder)] }] },
  };
}

function forbiddenIn(folder) {
  const forbidden = folders.filter((other) => other !== folder && !layers[folder].includes(other));
  return {
    regex: `^(\\.\\./)+(${forbidden.join('|')})/`,
    message: `'src/${folder}' may import only ${['itself', ...layers[folder]].join(', ')} (eslint.config.js, layers).`,
  };
}

export default tseslint.config(
  {
    ignores: [
      'build',
      'dist',
      'coverage',
      'node_modules',
      'src/api/generated',
      'src/chain/contracts/generated',
      'src/devcluster/local-chain/generated',
      'test/chain/contracts/generated',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      'no-console': 'error',
      curly: ['error', 'all'],
      eqeqeq: 'error',
      complexity: ['error', 12],
      'max-params': ['error', 4],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // `Store<T>` and `ResourceType<T>` carry a type that only their methods' callers see.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  ...folders.map(layerRule),
  ...[...controllers, ...shared].map(controllerRule),
  {
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // mocha's describe/it take async functions.
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [] }],
    },
  },
  {
    files: ['**/*.cjs'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: { require: 'readonly', module: 'writable', process: 'readonly' } },
    // mocha loads reporters as CommonJS.
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
  {
    files: ['*.config.js', '*.config.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    rules: {
      'no-restricted-exports': 'off',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
