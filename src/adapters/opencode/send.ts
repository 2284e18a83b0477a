import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asObject, asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, isBefore, modelWords, permissionWords, refuse, senderOf, versionOf } from "../support/plans.ts"

const planNotice = "the plan agent of OpenCode edits no files, but may run commands"
const wholeFork = "OpenCode cannot fork in the middle of a session: the whole session is forked"

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> => {
  if (id !== null) return order.kind === "fork" ? ["--session", id, "--fork"] : ["--session", id]
  return order.kind === "continue" ? ["--continue"] : []
}

/**
 * The prompt comes on standard input: one in an argument that has a space is stored with quotes around it. From anywhere
 * but the session's own directory, a folder inside of it too, 1.x without `--dir` never returns; 2.x has no `--dir`.
 * Without a permission the tool does what its settings allow, which is nearly everything by default.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--agent=plan"],
    edit: "OpenCode has no level between its plan agent and everything that its settings allow",
    full: ["--auto"]
  })
  if ("refused" in permission) return permission
  const version = versionOf(order)
  if (id !== null && order.sessionFile?.endsWith(".json") === true && (version === null || !isBefore(version, 1, 17))) {
    return refuse("the session is only in the JSON files of OpenCode 1.1, which 1.17 and later cannot see")
  }
  const directory = version !== null && version[0] === 1 ? ["--dir", order.cwd] : []
  const options = [...directory, ...permission, ...modelWords(order), ...order.extra]
  return {
    args: ["run", "--format", "json", ...sessionWords(order, id), ...options],
    notices: [
      ...(order.permission === "plan" ? [planNotice] : []),
      ...(order.kind === "fork" && order.forkAt !== null ? [wholeFork] : [])
    ],
    ...(order.kind === "resume" && id !== null ? { sessionId: id } : {})
  } satisfies Call
}

const read = (event: Json, told: Told): void => {
  told.session(event["sessionID"])
  if (event["type"] === "step_finish") return told.succeed()
  if (event["type"] !== "error") return
  const error = asObject(event["error"])
  const data = asObject(error?.["data"])
  const name = asText(error?.["name"])
  told.fail(asText(data?.["message"]) ?? asText(error?.["message"]) ?? name, {
    code: data?.["statusCode"],
    kind: name === "ProviderAuthError" ? "auth" : null,
    retryAfter: Number(asText(asObject(data?.["responseHeaders"])?.["retry-after"]) ?? Number.NaN)
  })
}

/** `opencode run`, run with 1.18.33; 2.x from its source. */
export const sender: Sender = senderOf({
  displayName: "OpenCode",
  binaries: ["opencode", "opencode2"],
  evidence: { new: "run", resume: "run", continue: "run", fork: "run" },
  call,
  reader: () => eventReader(read),
  needsVersion: true,
  login: "opencode auth login"
})
