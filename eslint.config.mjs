import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What only tests are made of: specs, and the servers, clocks and other doubles that they share. */
const tests = ['**/*.spec.ts', '**/*.fixture.ts', '**/virtual-*.ts', 'test/**/*.ts'];

/** A relative path through a `src` folder leaves its own app or lib. */
const acrossFolders = {
  regex: String.raw`^\.\.?/(.*/)?src(/|$)`,
  message: 'Import another lib as @app/<lib>; apps do not import each other.',
};
const behindTheDoor = {
  regex: '^@app/[^/]+/',
  message: 'Import a lib by its front door, @app/<lib>; export there what others need.',
};

export default defineConfig(
  globalIgnores(['dist', 'test/support/api.d.ts', 'coverage', 'data', '.telegramq']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { ignoreRestSiblings: true, argsIgnorePattern: '^_', varsIgnorePattern: '^_$' },
      ],
      // `async` without `await` is how a function promises to reject and not to throw.
      '@typescript-eslint/require-await': 'off',
      eqeqeq: 'error',
      // Control characters are what several parsers here are about.
      'no-control-regex': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-imports': ['error', { patterns: [behindTheDoor] }],
    },
  },
  {
    // Scripts and configurations are CommonJS that runs as it stands; `npm run types` knows which globals there are.
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs' },
    rules: { 'no-undef': 'off', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: tests,
    rules: {
      'max-lines': ['error', 200],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Settings are read in *.settings.ts and handed over.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['env'],
            message: 'Settings are read in *.settings.ts and handed over.',
          })),
          patterns: [acrossFolders, behindTheDoor],
        },
      ],
    },
  },
  {
    // What a test reads wrongly fails the test.
    files: tests,
    rules: {
      // Numbers that JSON can hold and a double cannot are what some tests send.
      'no-loss-of-precision': 'off',
      '@typescript-eslint/no-base-to-string': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      // A spec compiles the page's script to call its functions.
      '@typescript-eslint/no-implied-eval': 'off',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  { files: ['apps/*/src/*.settings.ts'], rules: { 'no-restricted-properties': 'off' } },
  // Nothing is there yet that could log when a start fails.
  { files: ['apps/*/src/main.ts'], rules: { 'no-console': 'off' } },
);
