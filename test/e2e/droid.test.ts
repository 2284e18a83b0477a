import { droid } from "./agents.ts"
import { agentSuite, bytesOf } from "./suite.ts"

agentSuite(droid, {
  forks: true,
  refuses: ["/help"],
  contentOf: bytesOf,
  failures: [
    { status: 400, code: "TOOL_ERROR" },
    // It goes on trying for four minutes, and for one and a half with 429; nothing shortens that.
    { status: 500, code: "SEND_TIMEOUT", timeout: 8 },
    { status: 401, code: "AUTH_REQUIRED" },
    { status: 429, code: "RATE_LIMITED" }
  ],
  underPlan: "fatal"
})
