import * as path from "node:path"
import { defineConfig } from "vitest/config"

/** Real agents, one file each, one file at a time: `npm run test:e2e [-- claude …]` installs and compiles before. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, "../.."),
  test: {
    include: ["test/e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000
  }
})
