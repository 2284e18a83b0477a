import type { Todo } from "../results/context.ts"
import { bareToolName } from "./shell-calls.ts"

/**
 * Tools with which an agent keeps its list, by their bare names without separators: `TodoWrite` (Claude, Factory),
 * `TaskCreate` and `TaskUpdate` (Claude since 2.1), `update_plan` (Codex, Zed), `write_todos` (Gemini), `todowrite`
 * (OpenCode), `todo_write` (Cursor, goose, Command Code), `update_todo` and `manage_todo_list` (Copilot), `todo_list`
 * (Kiro), and spellings of these.
 */
const todoTools: ReadonlySet<string> = new Set([
  "managetodolist",
  "taskcreate",
  "taskupdate",
  "todo",
  "todolist",
  "todowrite",
  "updateplan",
  "updatetodo",
  "updatetodolist",
  "updatetodos",
  "updatetodostoolcall",
  "write",
  "writetodos"
])

const letters = (name: string): string => bareToolName(name).replace(/[^a-z]/g, "")

/** Whether a tool changes the agent's list of things to do. */
export const isTodoTool = (name: string): boolean =>
  !/^mcp[_-]/i.test(name) && todoTools.has(letters(name)) && (letters(name) !== "write" || /^todo__/i.test(name))

type Json = Readonly<Record<string, unknown>>

const asObject = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null

interface Item {
  readonly id: string | null
  readonly text: string
  readonly status: Todo["status"] | "closed"
  readonly index: number
}

/** `in-progress`, `TODO_STATUS_IN_PROGRESS`, `completed: true`: what the tools call the states. */
const statusOf = (value: unknown): Item["status"] => {
  if (value === true) return "closed"
  const word =
    typeof value === "string"
      ? value
          .toLowerCase()
          .replace(/^todo_status_/, "")
          .replace(/[\s_-]/g, "")
      : ""
  if (/^(complete|completed|done|x|cancelled|canceled|deleted|skipped)$/.test(word)) return "closed"
  return /^(inprogress|active|doing)$/.test(word) ? "in_progress" : "pending"
}

const textKeys = ["content", "step", "title", "subject", "task_description", "description", "text", "task"] as const

const textOf = (item: Json): string | null => {
  for (const key of textKeys) {
    const value = item[key]
    if (typeof value === "string" && value.trim() !== "") return value.trim()
  }
  return null
}

const idOf = (value: unknown): string | null =>
  typeof value === "string" || typeof value === "number" ? String(value) : null

const itemOf = (value: unknown, index: number): Item | null => {
  if (typeof value === "string")
    return value.trim() === "" ? null : { id: null, text: value.trim(), status: "pending", index }
  const item = asObject(value)
  const text = item === null ? null : textOf(item)
  if (item === null || text === null) return null
  return { id: idOf(item["id"]), text, status: statusOf(item["status"] ?? item["completed"]), index }
}

/** `- [ ] this`, `* [x] that`, `1. [in_progress] this`; lines without a box say nothing. */
const boxLine = /^[ \t]*(?:[-*+]|\d{1,4}[.)])[ \t]+\[([^\]\n]{0,20})\][ \t]+(\S[^\n]*)$/gm

const boxes = (text: string, index: number): ReadonlyArray<Item> =>
  Array.from(text.matchAll(boxLine), ([, box, said]) => ({
    id: null,
    text: said!.trim(),
    status: statusOf(box!.trim()),
    index
  }))

const listKeys = ["todos", "plan", "todoList", "todo_list", "items", "tasks", "content", "text"] as const

/** The list that an input holds; null for one that holds none, as when a list is only read. */
const listIn = (input: Json, index: number): ReadonlyArray<Item> | null => {
  for (const key of listKeys) {
    const value = input[key]
    if (typeof value === "string") return boxes(value, index)
    if (Array.isArray(value)) return value.map((item) => itemOf(item, index)).filter((item) => item !== null)
    const nested = asObject(value)
    if (nested !== null) return listIn(nested, index)
  }
  return null
}

/** Kiro answers every change of its list with the list as JSON behind these words; the input only names positions. */
const stateIn = (result: string): Json | null => {
  const start = result.indexOf("TODO LIST STATE: ")
  if (start < 0) return null
  const [line = ""] = result.slice(start + "TODO LIST STATE: ".length).split("\n", 1)
  try {
    return asObject(JSON.parse(line))
  } catch {
    return null
  }
}

/** The agent's list of things to do, as it was left: the last state wins. Calls are given in their order. */
export class TodoList {
  #items: Array<Item> = []

  /** Whether a call writes the whole list, so that none before it matters. */
  static replaces(name: string, input: unknown): boolean {
    const object = asObject(input)
    const bare = letters(name)
    if (object === null || bare === "taskcreate" || bare === "taskupdate" || object["merge"] === true) return false
    return object["command"] === undefined && listIn(object, 0) !== null
  }

  /** A call, with the text of its result where there is one. A call that failed is not to be given. */
  apply(name: string, input: unknown, result: string | null, index: number): void {
    const object = asObject(input)
    if (object === null) return
    const bare = letters(name)
    if (bare === "taskcreate") return this.#create(object, result, index)
    if (bare === "taskupdate") return this.#update(idOf(object["taskId"]), object, index)
    const state = object["command"] === undefined ? object : stateIn(result ?? "")
    if (state === null) return
    if (object["merge"] === true && Array.isArray(object["todos"])) {
      for (const todo of object["todos"]) this.#merge(asObject(todo) ?? {}, index)
      return
    }
    const list = listIn(state, index)
    if (list !== null) this.#items = [...list]
  }

  /** A task of Claude: its number is only in the result, else they are counted. */
  #create(input: Json, result: string | null, index: number): void {
    const text = textOf({ subject: input["subject"], description: input["description"] })
    if (text === null) return
    const id = /#(\d{1,9})\b/.exec((result ?? "").slice(0, 200))?.[1] ?? String(this.#items.length + 1)
    this.#items.push({ id, text, status: "pending", index })
  }

  #update(id: string | null, change: Json, index: number): void {
    const at = id === null ? -1 : this.#items.findIndex((item) => item.id === id)
    const before = this.#items[at]
    if (before === undefined) return
    this.#items[at] = {
      ...before,
      text: textOf({ subject: change["subject"], content: change["content"] }) ?? before.text,
      status: change["status"] === undefined ? before.status : statusOf(change["status"]),
      index
    }
  }

  #merge(todo: Json, index: number): void {
    const id = idOf(todo["id"])
    if (this.#items.some((item) => item.id !== null && item.id === id)) return this.#update(id, todo, index)
    const item = itemOf(todo, index)
    if (item !== null) this.#items.push(item)
  }

  /** What is left to do, in the order of the list. */
  get open(): ReadonlyArray<Todo> {
    return this.#items.flatMap(({ index, status, text }) =>
      status === "closed" ? [] : [{ index, status, text, from: "tool" as const }]
    )
  }
}

/** Unchecked boxes in a text. */
export const uncheckedIn = (text: string, index: number): ReadonlyArray<Todo> =>
  boxes(text, index).flatMap(({ status, text: said }) =>
    status === "closed" ? [] : [{ index, status, text: said, from: "text" as const }]
  )
