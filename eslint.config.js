import js from "@eslint/js"
import globals from "globals"

const sinks = ["innerHTML", "outerHTML", "insertAdjacentHTML", "cssText"]

export default [
  {ignores: ["node_modules/", "var/", "build/", ".venv/", "htmlcov/", "**/vendor/"]},
  js.configs.recommended,
  {
    files: ["static/**/*.js"],
    languageOptions: {globals: globals.browser},
    rules: {
      "eqeqeq": ["error", "always", {null: "ignore"}],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-properties": ["error", ...sinks.map(property => ({property, message: "Text comes from strangers: build nodes."}))],
      "no-restricted-syntax": ["error",
        {selector: "MemberExpression[property.name='style']", message: "Use a class or an adopted sheet."},
        {selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value='style']", message: "Use a class or an adopted sheet."}],
    },
  },
  {files: ["static/widget/loader.js"], languageOptions: {sourceType: "script"}},
  {
    files: ["static/widget/visit.js", "static/js/socket/**", "static/js/store/**", "static/js/tabs/**", "static/js/line.js", "static/js/client.js", "static/js/{progress,others,asking,myself,words,changing,managing,paging,formatting,inline}.js", "static/js/words/**"],
    rules: {"no-restricted-globals": ["error", "document", "window", "localStorage", "WebSocket", "HTMLElement"]},
  },
  {files: ["tests/js/**/*.js", "eslint.config.js", "deploy/*.js", "docs/**/*.mjs"], languageOptions: {globals: globals.node}},
]
