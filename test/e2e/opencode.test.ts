import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"
import { opencode } from "./agents.ts"
import type { Sandbox } from "./sandbox.ts"
import { agentSuite } from "./suite.ts"

/** Every row of a session, its parts and messages. */
const rowsOf = (box: Sandbox, id: string): string => {
  const database = new DatabaseSync(path.join(box.home, ".local/share/opencode/opencode.db"), { readOnly: true })
  try {
    const rows = (table: string, column: string) =>
      database.prepare(`select * from ${table} where ${column} = ? order by id`).all(id)
    return JSON.stringify([rows("session", "id"), rows("message", "session_id"), rows("part", "session_id")], null, 1)
  } finally {
    database.close()
  }
}

agentSuite(opencode, {
  forks: true,
  refuses: [],
  contentOf: rowsOf,
  failures: [
    { status: 400, code: "TOOL_ERROR" },
    { status: 500, code: "TOOL_ERROR" },
    { status: 401, code: "AUTH_REQUIRED" },
    { status: 429, code: "RATE_LIMITED" }
  ],
  underPlan: "run"
})
