import * as path from "node:path"
import { defineConfig } from "vitest/config"

/** These run the compiled binary: `npm run compile` first. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/smoke/**/*.test.ts"],
    globalSetup: ["test/support/demo-setup.ts"],
    testTimeout: 30_000
  }
})
