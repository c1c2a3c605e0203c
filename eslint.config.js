import js from "@eslint/js";
import globals from "globals";

/* The oldest browsers are Chromium 89, Safari 15.4 and Firefox 98 (docs/architecture.md). What the language has learned
   since tsc refuses (`lib` in tsconfig.json); this is what the browsers themselves have learned, and syntax. */
const message = "Younger than the oldest browser: Chromium 89, Safari 15.4, Firefox 98.";
const YOUNGER = [
  "checkVisibility",
  "randomUUID",
  "requestSubmit",
  "scheduler",
  "showPicker",
  "showPopover",
  "startViewTransition",
  "throwIfAborted",
].map((property) => ({ property, message }));
const YOUNGER_GLOBALS = [
  "CompressionStream",
  "OffscreenCanvas",
  "reportError",
  "requestIdleCallback",
  "structuredClone",
];
const YOUNGER_SYNTAX = [
  "StaticBlock",
  "BinaryExpression[operator='in'] > PrivateIdentifier",
  "CallExpression[callee.property.name='at'][arguments.0.operator='-']", // where tsc does not know of what
];

export default [
  { ignores: ["static/vendor/", "types/", "node_modules/", ".venv*/"] },
  js.configs.recommended,
  {
    files: ["static/**/*.js", "tests/browser/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // A switch counts once: its cases are a table.
      complexity: ["error", { max: 12, variant: "modified" }],
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-else-return": "error",
      "no-restricted-globals": ["error", ...YOUNGER_GLOBALS.map((name) => ({ name, message }))],
      "no-restricted-properties": [
        "error",
        ...YOUNGER,
        ...["any", "timeout"].map((property) => ({ object: "AbortSignal", property, message })),
      ],
      "no-restricted-syntax": [
        "error",
        ...YOUNGER_SYNTAX.map((selector) => ({ selector, message })),
        {
          selector: "Literal[value='en-CA']",
          message: "What this locale writes differs from browser to browser: localDay.",
        },
      ],
      "no-implicit-coercion": "error",
      "no-throw-literal": "error",
      "no-unneeded-ternary": "error",
      "no-unused-expressions": ["error", { allowShortCircuit: true, allowTernary: true }],
      "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all" }],
      "no-useless-return": "error",
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  {
    files: ["tests/browser/*.js"], // run in the newest Chromium alone
    rules: { "no-restricted-globals": "off", "no-restricted-properties": "off" },
  },
];
