/** Rules of the front end; the import zones keep the layers of the architecture apart. */
import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const features = readdirSync(new URL('./src/features', import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const zones = [
  // A feature knows no other feature.
  ...features.map((name) => ({
    target: `./src/features/${name}`,
    from: './src/features',
    except: [`./${name}`],
    message: 'Features do not import each other: move the shared part to components or lib.',
  })),
  { target: './src/features', from: './src/app' },
  { target: './src/components', from: ['./src/features', './src/app'] },
  { target: './src/lib', from: ['./src/components', './src/features', './src/app'] },
  {
    target: './src/protocol',
    from: ['./src/lib', './src/components', './src/features', './src/app'],
  },
  // The SDK and the wrapper are loaded by OBS: they carry nothing of the dashboard.
  {
    target: './src/overlay-sdk',
    from: ['./src/lib', './src/components', './src/features', './src/app'],
  },
];

export default tseslint.config(
  { ignores: ['node_modules', 'src/protocol/schema.gen.ts', 'test/screens/out'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [
      ...tseslint.configs.strictTypeChecked,
      jsxA11y.flatConfigs.strict,
      reactHooks.configs.flat.recommended,
      importX.flatConfigs.typescript,
    ],
    languageOptions: { parserOptions: { projectService: true }, globals: globals.browser },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
      // There is no React compiler here whose memoisation could be wrong.
      'react-hooks/incompatible-library': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: 'Text from outside is shown as text nodes only.',
        },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
          message: 'Text from outside is shown as text nodes only.',
        },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['test/**/*.js', '*.js'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
  },
);
