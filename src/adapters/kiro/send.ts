import type { Refusal, SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { eventReader } from "../support/output.ts"
import { type Call, isBefore, modelWords, permissionWords, refuse, senderOf, versionOf } from "../support/plans.ts"
import type { Generation } from "./format.ts"

const newSessionNotice =
  "kiro-cli has been reported to start a new session instead of resuming (2.19 with sessions of harness V2 and V3)"

const trustedTools = (level: string): string =>
  `kiro-cli has no such level without its screen: name the tools that may ${level} with -- --trust-tools=…`

/** The store of a session, told by the file that is the session; null where that is not known. */
export const generationOf = (file: string | null): Generation | null => {
  if (file === null) return null
  const [name = "", folder = "", above = ""] = file.split(/[\\/]/).reverse()
  if (name.endsWith(".sqlite3")) return "database"
  if (name.endsWith(".chat")) return "chat"
  if (folder === "cli" && above === "sessions") return "turns"
  return /^(?:messages\.jsonl|session\.json)$/.test(name) ? "events" : "ide"
}

/**
 * A session belongs to the harness that wrote it; which one a version starts without being told has changed. The flags
 * came with 2.8, resuming by id is known from 2.5; a program that says no version is taken for a newer one.
 */
const harnessOf = (order: SendOrder, id: string): ReadonlyArray<string> | Refusal => {
  const version = versionOf(order)
  if (version !== null && isBefore(version, 2, 5)) {
    return refuse(`kiro-cli ${version.join(".")} cannot resume a session by its id: 2.5 and later can`)
  }
  const hasFlags = version === null || !isBefore(version, 2, 8)
  const generation = generationOf(order.sessionFile) ?? (id.startsWith("sess_") ? "events" : "turns")
  switch (generation) {
    case "events":
      return hasFlags ? ["--v3"] : refuse("the session is one of harness V3, which kiro-cli 2.8 and later have")
    case "turns":
      return hasFlags ? ["--v2"] : []
    case "database":
      return version !== null && isBefore(version, 3, 0)
        ? []
        : refuse("the session is in the database of kiro-cli 1 and 2, whose harness kiro-cli 3 no longer has")
    case "ide":
    case "chat":
      return refuse("a session of the Kiro IDE cannot be resumed by a command")
  }
}

const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: trustedTools("read"),
    edit: trustedTools("write"),
    full: ["--trust-all-tools"]
  })
  if ("refused" in permission) return permission
  const harness = id === null ? [] : harnessOf(order, id)
  if ("refused" in harness) return harness
  const session = id !== null ? ["--resume-id", id] : order.kind === "continue" ? ["--resume"] : []
  return {
    args: ["chat", "--no-interactive", ...harness, ...session, ...permission, ...modelWords(order), ...order.extra],
    notices: id === null ? [] : [newSessionNotice],
    ...(id === null ? {} : { sessionId: id })
  } satisfies Call
}

/** From the source of its forerunner, Amazon Q: commands, stored prompts and shell commands, after white space too. */
const garbles = (prompt: string): string | null => {
  const first = prompt.trimStart()[0]
  return first === "/" || first === "@" || first === "!"
    ? `Kiro takes a prompt that begins with ${first} as a command of its own, and has no way to write it literally`
    : null
}

/**
 * `kiro-cli chat`, from its documentation, not run. Its output is text for people, which names no session: only what it
 * writes to standard error tells of a failure.
 */
export const sender: Sender = senderOf({
  displayName: "Kiro",
  binaries: ["kiro-cli"],
  evidence: { new: "documentation", resume: "documentation", continue: "documentation" },
  garbles,
  call,
  reader: () => eventReader(() => {}),
  namesSession: false,
  needsVersion: true,
  login: "kiro-cli login"
})
