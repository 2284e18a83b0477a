import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need the compiled binary, a browser, or agents from npm: npm run test:smoke, test:browser, test:e2e.
    exclude: ["test/smoke/**", "test/browser/**", "test/e2e/**", "node_modules/**"],
    globalSetup: ["test/support/demo-setup.ts"],
    // Some go through thousands of mutated records; a machine may be busy.
    testTimeout: 120_000
  }
})
