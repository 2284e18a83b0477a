import { claude } from "../adapters/claude/index.ts"
import { codex } from "../adapters/codex/index.ts"
import type { Adapter } from "../services/Adapter.ts"

/** The sources of this program: a line each, in the order in which they are shown. */
export const adapters: ReadonlyArray<Adapter> = [claude, codex]
