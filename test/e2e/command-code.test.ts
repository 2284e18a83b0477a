import { commandCode } from "./agents.ts"
import { agentSuite, bytesOf } from "./suite.ts"

agentSuite(commandCode, {
  forks: true,
  refuses: [],
  contentOf: bytesOf,
  failures: [
    { status: 400, code: "TOOL_ERROR" },
    // It goes on trying for half a minute, with 429 too; nothing shortens that.
    { status: 500, code: "SEND_TIMEOUT", timeout: 8 },
    { status: 401, code: "AUTH_REQUIRED" },
    { status: 429, code: "RATE_LIMITED" }
  ],
  underPlan: "denied"
})
