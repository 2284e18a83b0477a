import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need the compiled binary, and agents from npm: npm run test:smoke, npm run test:e2e.
    exclude: ["test/smoke/**", "test/e2e/**", "node_modules/**"],
    globalSetup: ["test/support/demo-setup.ts"],
    testTimeout: 30_000
  }
})
