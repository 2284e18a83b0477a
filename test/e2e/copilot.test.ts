import { copilot } from "./agents.ts"
import { agentSuite, bytesOf } from "./suite.ts"

agentSuite(copilot, {
  forks: false,
  refuses: [],
  contentOf: bytesOf,
  failures: [
    { status: 400, code: "TOOL_ERROR" },
    { status: 500, code: "TOOL_ERROR" },
    { status: 401, code: "AUTH_REQUIRED" },
    { status: 429, code: "RATE_LIMITED" }
  ],
  underPlan: "denied"
})
