import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need the compiled binary: npm run test:smoke.
    exclude: ["test/smoke/**", "node_modules/**"],
    globalSetup: ["test/support/demo-setup.ts"],
    testTimeout: 30_000
  }
})
