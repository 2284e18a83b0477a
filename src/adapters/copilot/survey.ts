import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { eachLine, eachLineBackward } from "../support/bytes.ts"
import { asObject, asText, asTime, type Json } from "../support/json.ts"
import { isWorkspaceFile, layoutOf } from "./discover.ts"
import { draftsOf } from "./drafts.ts"
import { type CopilotEvent, isSilent, peekTime, peekType, piecesOf, toEvent } from "./format.ts"
import { surveyHistory } from "./history.ts"
import { parseWorkspace, titleOf, type Workspace, workspaceLimit } from "./workspace.ts"

/** The prompt comes before the instructions, which take 25 KB. */
const headBytes = 64 * 1024
const tailBytes = 64 * 1024
const tailLimit = 32 * 1024 * 1024
/** How far the first prompt is looked for. */
const promptLimit = 64 * 1024 * 1024

const noWorkspace: Workspace = { cwd: null, branch: null, name: null, createdAt: null, updatedAt: null }

/** Where a session works, and with which model, as an event tells it. */
export interface Context {
  readonly cwd: string | null
  readonly branch: string | null
}

const contextOf = (value: Json): Context => ({ cwd: asText(value["cwd"]), branch: asText(value["branch"]) })

/** The directory and branch that the session went to; null for any other event. A resume does not move it. */
export const movedTo = ({ agentId, data, type }: CopilotEvent): Context | null =>
  type === "session.context_changed" && agentId === null ? contextOf(data) : null

const isAgents = ({ agentId, data }: CopilotEvent): boolean =>
  agentId !== null || asText(data["parentToolCallId"]) !== null

/** The model that the session goes on with; those of its agents say nothing. */
export const modelOf = (event: CopilotEvent): string | null => {
  if (isAgents(event)) return null
  switch (event.type) {
    case "assistant.message":
      return asText(event.data["model"])
    case "session.model_change":
      return asText(event.data["newModel"])
    case "session.resume":
    case "session.start":
      return asText(event.data["selectedModel"])
  }
  return null
}

/** Gathers what the beginning of a file tells. */
class HeadScan {
  createdAt: number | null = null
  context: Context = { cwd: null, branch: null }
  parentId: string | null = null
  model: string | null = null
  firstPrompt: string | null = null
  /** Something was said by anybody but the system. */
  spoken = false
  #started = false

  /** Takes a line; false once there is nothing left to find. */
  take(bytes: Uint8Array, from: number, to: number): boolean {
    const type = peekType(bytes, from)
    if (type !== null && (isSilent(type) || type === "system.message")) {
      this.createdAt ??= peekTime(bytes, from, to)
      return true
    }
    for (const { value } of piecesOf(bytes, from, to).pieces) {
      const event = toEvent(value)
      if (typeof event !== "string") this.#event(event)
    }
    return this.firstPrompt === null
  }

  #event(event: CopilotEvent): void {
    const { data, type } = event
    if (type === "session.start" && !this.#started) {
      this.#started = true
      this.createdAt = asTime(data["startTime"]) ?? event.time ?? this.createdAt
      this.context = contextOf(asObject(data["context"]) ?? {})
      this.parentId = asText(data["detachedFromSpawningParentSessionId"])
    }
    this.createdAt ??= event.time
    this.model = modelOf(event) ?? this.model
    if (isAgents(event) || this.firstPrompt !== null) return
    const drafts = draftsOf(event)
    if (typeof drafts === "string") return
    for (const { role, text } of drafts) {
      if (role !== "system") this.spoken = true
      if (role === "user") this.firstPrompt ??= asText(text)
    }
  }
}

/** Gathers what the end of a file tells, from the last line up. */
class TailScan {
  time: number | null = null
  model: string | null = null
  cwd: string | null = null
  branch: string | null = null
  spoken = false

  take(bytes: Uint8Array, from: number, to: number): void {
    const type = peekType(bytes, from)
    const time = this.time === null ? peekTime(bytes, from, to) : this.time
    if (type !== null && time !== null && !this.#wants(type)) {
      this.time = time
      return
    }
    const { pieces } = piecesOf(bytes, from, to)
    for (let at = pieces.length - 1; at >= 0; at--) {
      const event = toEvent(pieces[at]!.value)
      if (typeof event !== "string") this.#event(event)
    }
  }

  #wants(type: string): boolean {
    if (type === "session.context_changed") return true
    if (type === "user.message" || type === "tool.execution_start") return !this.spoken
    if (type === "assistant.message") return this.model === null || !this.spoken
    return this.model === null && /^session\.(?:model_change|resume|start)$/.test(type)
  }

  #event(event: CopilotEvent): void {
    this.time ??= event.time
    this.model ??= modelOf(event)
    const moved = movedTo(event)
    this.cwd ??= moved?.cwd ?? null
    this.branch ??= moved?.branch ?? null
    if (this.spoken || isAgents(event)) return
    const drafts = draftsOf(event)
    this.spoken = typeof drafts !== "string" && drafts.some(({ role }) => role !== "system")
  }
}

const scanHead = Effect.fnUntraced(function* (path: string, window: Uint8Array, whole: boolean) {
  const files = yield* StoreFiles
  const scan = new HeadScan()
  let more = true
  const from = eachLine(window, 0, whole, (at, to) => (more = scan.take(window, at, to)))
  if (whole || !more) return scan
  yield* files.lines(
    path,
    ({ bytes, offset }) => bytes.length === 0 || (offset < promptLimit && scan.take(bytes, 0, bytes.length)),
    { from }
  )
  return scan
})

const scanTail = Effect.fnUntraced(function* (path: string, window: Uint8Array, whole: boolean) {
  const files = yield* StoreFiles
  for (let size = tailBytes; ; size *= 8) {
    const { bytes, offset } = whole ? { bytes: window, offset: 0 } : yield* files.tail(path, size)
    const scan = new TailScan()
    eachLineBackward(bytes, bytes.length, offset === 0, (from, to) => scan.take(bytes, from, to))
    if (scan.time !== null || offset === 0 || size >= tailLimit) return scan
  }
})

/** `workspace.yaml` beside the events; one that cannot be read is as good as none. */
const workspaceOf = Effect.fnUntraced(function* (entry: SessionEntry) {
  const files = yield* StoreFiles
  const path = [entry.file.path, ...entry.sidecars].find(isWorkspaceFile)
  if (path === undefined) return noWorkspace
  return yield* Effect.sync(() => {
    try {
      return parseWorkspace(files.textSync(path, workspaceLimit) ?? "")
    } catch {
      return noWorkspace
    }
  })
})

/** The head of a session from its workspace file and the first and last bytes of its events. */
export const survey = Effect.fnUntraced(function* (
  entry: SessionEntry
): Effect.fn.Return<SessionHead, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const { path, mtimeMs } = entry.file
  const workspace = yield* workspaceOf(entry)
  const layout = layoutOf(entry)
  if (layout === "history") return yield* surveyHistory(entry, workspace)
  const window = layout === "events" ? yield* files.head(path, headBytes) : new Uint8Array()
  const whole = window.length < headBytes
  const start = yield* scanHead(path, window, whole)
  const end = yield* scanTail(path, window, whole)
  return {
    // The workspace file follows the session where it goes; its first event only says where it began.
    cwd: end.cwd ?? workspace.cwd ?? start.context.cwd,
    createdAt: start.createdAt ?? workspace.createdAt,
    updatedAt: end.time ?? (layout === "workspace" ? workspace.updatedAt : null) ?? Math.floor(mtimeMs),
    isEmpty: !start.spoken && !end.spoken,
    kind: start.parentId === null ? "session" : "subagent",
    parentId: start.parentId,
    gitBranch: end.branch ?? workspace.branch ?? start.context.branch,
    model: end.model ?? start.model,
    title: titleOf(workspace, start.firstPrompt),
    firstPrompt: start.firstPrompt
  }
})
