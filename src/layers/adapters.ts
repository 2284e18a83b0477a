import { claude } from "../adapters/claude/index.ts"
import { codex } from "../adapters/codex/index.ts"
import { commandcode } from "../adapters/commandcode/index.ts"
import { copilot } from "../adapters/copilot/index.ts"
import { cursorAgent } from "../adapters/cursor-agent/index.ts"
import { factory } from "../adapters/factory/index.ts"
import { gemini } from "../adapters/gemini/index.ts"
import { goose } from "../adapters/goose/index.ts"
import { kiro } from "../adapters/kiro/index.ts"
import { opencode } from "../adapters/opencode/index.ts"
import { zed } from "../adapters/zed/index.ts"
import type { Adapter } from "../services/Adapter.ts"

/** The sources of this program: a line each, in the order in which they are shown. */
export const adapters: ReadonlyArray<Adapter> = [
  claude,
  codex,
  gemini,
  copilot,
  cursorAgent,
  commandcode,
  goose,
  opencode,
  kiro,
  zed,
  factory
]
