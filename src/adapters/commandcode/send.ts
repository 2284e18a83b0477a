import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asObject, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, senderOf } from "../support/plans.ts"

const wholeFork = "Command Code cannot fork in the middle of a session: the whole session is forked"
const headlessOnly = "Command Code continues the newest session that was run without its screen, or else starts one"

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> => {
  if (id !== null) return order.kind === "fork" ? ["--resume", id, "--fork-session"] : ["--resume", id]
  return order.kind === "continue" ? ["--continue"] : []
}

/**
 * Sessions are only found from their own directory. The prompt is read from standard input where `-p` has none; white
 * space around it is cut off. Without a permission the tool denies writing and commands, and so it does with
 * `--permission-mode=yolo`: only `--yolo` counts in print mode.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--permission-mode=plan"],
    edit: "Command Code knows only everything (full) or nothing without its screen: accept-edits denies edits there",
    full: ["--yolo"]
  })
  if ("refused" in permission) return permission
  const options = ["--skip-onboarding", ...permission, ...modelWords(order), ...order.extra]
  return {
    args: ["-p", "--output-format", "json", ...sessionWords(order, id), ...options],
    notices: [
      ...(order.kind === "continue" ? [headlessOnly] : []),
      ...(order.kind === "fork" && order.forkAt !== null ? [wholeFork] : [])
    ],
    ...(order.kind === "resume" && id !== null ? { sessionId: id } : {})
  } satisfies Call
}

const read = (event: Json, told: Told): void => {
  if (event["type"] === "event") {
    const inner = asObject(event["event"])
    if (inner?.["type"] === "run_start") told.session(inner["sessionId"])
    if (inner?.["type"] === "api_retry") told.suspect(inner["error"])
    if (inner?.["type"] === "run_error") told.suspect(asObject(inner["error"])?.["message"])
    return
  }
  if (event["type"] !== "result") return
  told.session(event["sessionId"])
  if (event["subtype"] === "success") return told.succeed()
  told.fail(event["error"] ?? event["stopReason"] ?? event["subtype"])
}

/** Print mode of Command Code, run with 1.64. Its other name `cmd` is the shell on Windows. */
export const sender: Sender = senderOf({
  displayName: "Command Code",
  binaries: ["command-code", "cmdc"],
  evidence: { new: "run", resume: "run", continue: "run", fork: "run" },
  call,
  reader: () => eventReader(read),
  login: "command-code login"
})
