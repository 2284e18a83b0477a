import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // These need the compiled binary, npm run test:smoke, or a browser, npm run test:browser.
    exclude: ["test/smoke/**", "test/browser/**", "node_modules/**"],
    globalSetup: ["test/support/demo-setup.ts"],
    testTimeout: 30_000
  }
})
