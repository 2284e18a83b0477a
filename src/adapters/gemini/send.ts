import type { SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asObject, asText, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, refuse, senderOf } from "../support/plans.ts"

/** Bytes of standard input beyond which the tool cuts. */
const promptLimit = 8 * 1024 * 1024

/**
 * 0.61 leaves an empty file beside a session that it resumes or imports, and deletes every file with the same eight
 * characters of the id when it starts in that project again. The setting cannot be overridden for one run: a file of
 * system settings counts only if root owns it and every directory above it, it would displace the one that is there, and
 * the next run of the user would delete all the same.
 */
const retentionNotice =
  "Gemini CLI 0.61 may delete this session when it next starts in the project, unless general.sessionRetention.enabled is false in ~/.gemini/settings.json"

const wholeFork = "Gemini CLI cannot fork in the middle of a session: the whole session is forked"

const isAbsolute = (path: string): boolean => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path)

const sessionWords = (order: SendOrder, id: string | null): ReadonlyArray<string> => {
  if (order.kind === "new") return ["--session-id", order.mintedId]
  if (order.kind === "fork") return ["--session-file", order.sessionFile!]
  return ["--resume", id ?? "latest"]
}

/**
 * Sessions are only found from inside their project. In a folder that it was not told to trust the tool ends with 55;
 * a caller who allows edits has said that it may be trusted, and no other has. Without a permission, or where the tool
 * would have to ask, it neither writes nor runs anything.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--approval-mode=plan"],
    edit: ["--skip-trust", "--approval-mode=auto_edit"],
    full: ["--skip-trust", "--approval-mode=yolo"]
  })
  if ("refused" in permission) return permission
  if (order.kind === "fork" && !isAbsolute(order.sessionFile ?? "")) {
    return refuse("Gemini CLI forks a session from its file, and that file is not known")
  }
  const known = order.kind === "new" ? order.mintedId : order.kind === "resume" ? id : null
  return {
    args: [
      "--output-format",
      "stream-json",
      ...sessionWords(order, id),
      ...permission,
      ...modelWords(order),
      ...order.extra
    ],
    // Else it starts itself again, and the outer process ignores SIGTERM.
    env: { GEMINI_CLI_NO_RELAUNCH: "true" },
    notices: [
      ...(order.kind === "new" ? [] : [retentionNotice]),
      ...(order.kind === "fork" && order.forkAt !== null ? [wholeFork] : [])
    ],
    ...(known === null ? {} : { sessionId: known })
  } satisfies Call
}

const isLong = (prompt: string): boolean =>
  prompt.length * 3 > promptLimit && new TextEncoder().encode(prompt).length > promptLimit

/** What the tool looks for in every prompt that it reads without its screen. */
const garbles = (prompt: string): string | null => {
  if (isLong(prompt)) return "Gemini CLI cuts a prompt after 8 MiB"
  const command = /^\/(?![/*])\s*[^\s/]+(?=\s|$)/.exec(prompt)?.[0]
  if (command !== undefined) {
    return `Gemini CLI takes ${command} at the start of a prompt as a command, and has no way to write it literally`
  }
  const [mention] = /(?<!\\)@[^\s,;!?()[\]{}]{1,40}/.exec(prompt) ?? []
  return mention === undefined
    ? null
    : `Gemini CLI puts the file that ${mention} may name into the prompt, and has no way to write an @ literally`
}

/** Status and words of an API failure are JSON in brackets behind `[API Error: `. */
const read = (event: Json, told: Told): void => {
  const { type } = event
  if (type === "init") told.session(event["session_id"])
  if (type === "error") {
    if (event["severity"] === "error") told.suspect(event["message"])
    return
  }
  if (type !== "result") return
  if (event["status"] === "success") return told.succeed()
  const error = asObject(event["error"])
  told.fail(asText(error?.["message"]) ?? error?.["type"])
}

/** `gemini` with standard input that is no terminal, run with 0.61. */
export const sender: Sender = senderOf({
  displayName: "Gemini CLI",
  binaries: ["gemini"],
  evidence: { new: "run", resume: "run", continue: "run", fork: "run" },
  garbles,
  call,
  reader: () => eventReader(read),
  // Only from its own screen.
  login: null
})
