import type { SendKind, SendOrder } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { asObject, type Json } from "../support/json.ts"
import { eventReader, type Told } from "../support/output.ts"
import { type Call, modelWords, permissionWords, senderOf } from "../support/plans.ts"

const verbs = (kind: SendKind, id: string | null): ReadonlyArray<string> => {
  if (id !== null) return [kind === "fork" ? "fork" : "resume", id]
  return kind === "continue" ? ["resume", "--last"] : []
}

const wholeFork = "Codex cannot fork in the middle of a session: the whole session is forked"

/**
 * `-` reads the prompt from standard input, where nothing in it is special. `-s`, `-C` and others are flags of `exec`
 * and have to stand before `resume`; flags that take several words would swallow it, so that ours come between.
 * Without a permission the sandbox of the user's settings applies, read-only by default; nothing is asked.
 */
const call = (order: SendOrder, id: string | null) => {
  const permission = permissionWords(order.permission, {
    plan: ["--sandbox=read-only"],
    edit: ["--sandbox=workspace-write"],
    full: ["--dangerously-bypass-approvals-and-sandbox"]
  })
  if ("refused" in permission) return permission
  const options = ["--json", "--skip-git-repo-check", ...permission, ...modelWords(order)]
  return {
    args: ["exec", ...order.extra, ...options, ...verbs(order.kind, id), "-"],
    notices: order.forkAt === null ? [] : [wholeFork],
    ...(order.kind === "resume" && id !== null ? { sessionId: id } : {})
  } satisfies Call
}

const read = (event: Json, told: Told): void => {
  switch (event["type"]) {
    case "thread.started":
      return told.session(event["thread_id"])
    case "error":
      // "Reconnecting... 1/5" is one too.
      return told.suspect(event["message"])
    case "turn.failed":
      return told.fail(asObject(event["error"])?.["message"])
    case "turn.completed":
      return told.succeed()
  }
}

/** `codex exec`, run with 0.169; `fork` came with 0.155. */
export const sender: Sender = senderOf({
  displayName: "Codex",
  binaries: ["codex"],
  evidence: { new: "run", resume: "run", continue: "run", fork: "run" },
  call,
  reader: () => eventReader(read),
  login: "codex login"
})
