// @ts-check
import nextVitals from "eslint-config-next/core-web-vitals";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

/** Where settings may be read and the real clock looked at: the two owners, and everything that is not the product. */
const outsideTheProduct = [
  "local/**",
  "e2e/**",
  "bench/**",
  "**/*.test.{ts,tsx}",
  "*.config.{ts,mjs}",
  "lib/platform/db/{testing,use-test-database}.ts",
];

const noAmbientTime = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Ask lib/platform/clock.ts for the time, so that tests can move it.",
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "Ask lib/platform/clock.ts for the time, so that tests can move it.",
  },
  {
    selector: "MemberExpression[object.name='Temporal'][property.name='Now']",
    message: "Ask lib/platform/clock.ts for the time, so that tests can move it.",
  },
];

const noAmbientSettings = [
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "Read settings through lib/platform/env.ts, where they are validated.",
  },
];

export default defineConfig([
  globalIgnores([
    "node_modules/**",
    ".next/**",
    ".next-*/**",
    ".moim*/**",
    "next-env.d.ts",
    "coverage/**",
    "test-results/**",
    "playwright-report/**",
  ]),
  ...nextVitals,
  ...tseslint.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/ban-ts-comment": ["error", { "ts-ignore": true, "ts-nocheck": true, "ts-expect-error": true }],
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
    },
  },
  {
    files: ["**/*.{js,mjs,cjs,ts,tsx}"],
    rules: {
      eqeqeq: "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-restricted-syntax": ["error", ...noAmbientTime, ...noAmbientSettings],
    },
  },
  { files: ["lib/platform/clock.ts"], rules: { "no-restricted-syntax": ["error", ...noAmbientSettings] } },
  // NEXT_RUNTIME is no setting: the compiler puts its value in, and drops what is meant for the other runtime.
  { files: ["lib/platform/env.ts", "instrumentation.ts"], rules: { "no-restricted-syntax": ["error", ...noAmbientTime] } },
  { files: outsideTheProduct, rules: { "no-restricted-syntax": "off" } },
  // The combobox library takes refs through its prop getters; the rule cannot see that it only stores them.
  { files: ["components/**/*.tsx"], rules: { "react-hooks/refs": "off" } },
  // Media are authorized each time they are fetched, and come from the storage itself; what next/image keeps, it keeps for everybody.
  { files: ["components/**/*.tsx"], rules: { "@next/next/no-img-element": "off" } },
  // `use…` is a React word in components only; Playwright and test set-ups have theirs.
  { files: ["**/*.test.ts", "e2e/**", "lib/platform/db/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
  // `useTestDatabase` is no hook of React's; plain tests have none.
  { files: ["**/*.test.ts"], rules: { "react-hooks/rules-of-hooks": "off" } },
  { files: ["**/*.cjs"], languageOptions: { sourceType: "commonjs" } },
]);
