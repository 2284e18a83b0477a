import { createHash } from "node:crypto"
import * as path from "node:path"
import { type Insert, jsonLines, newDatabase, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

const varint = (value: number): ReadonlyArray<number> =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

/** A length-delimited field of protobuf. */
const field = (number: number, payload: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(payload)
  return Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(bytes.length)]), bytes])
}

/** Messages as the store has them. */
const messagesOf = ({ cwd, turns }: Talk): ReadonlyArray<object> => [
  { role: "system", content: "You are a coding agent." },
  { role: "user", content: `<user_info>\nOS: linux\nWorkspace Path: ${cwd}\n</user_info>` },
  ...turns.flatMap(({ answer, prompt, steps }) => [
    { role: "user", content: [{ type: "text", text: `<user_query>\n${prompt}\n</user_query>` }] },
    ...steps.flatMap(({ call, said, thought }) => {
      const { input, name } = inputOf(call)
      const content = [
        ...(thought === null ? [] : [{ type: "reasoning", text: thought }]),
        ...(said === null ? [] : [{ type: "text", text: said }]),
        { type: "tool-call", toolCallId: call.id, toolName: name, args: input }
      ]
      const result = { type: "tool-result", toolCallId: call.id, toolName: name, result: call.output }
      return [
        { role: "assistant", id: "1", content, providerOptions: { cursor: { modelName: "m-1" } } },
        { role: "tool", id: call.id, content: [result] }
      ]
    }),
    { role: "assistant", id: "1", content: [{ type: "text", text: answer }] }
  ])
]

/** The transcript of the same, which holds no results. */
const linesOf = ({ turns }: Talk): ReadonlyArray<object> =>
  turns.flatMap(({ answer, prompt, steps }) => [
    { role: "user", message: { content: [{ type: "text", text: `<user_query>\n${prompt}\n</user_query>` }] } },
    ...steps.map(({ call, said }) => {
      const { input, name } = inputOf(call)
      const text = said === null ? [] : [{ type: "text", text: said }]
      return { role: "assistant", message: { content: [...text, { type: "tool_use", name, input }] } }
    }),
    { role: "assistant", message: { content: [{ type: "text", text: answer }] } },
    { type: "turn_ended", status: "success" }
  ])

const storeSchema = `CREATE TABLE blobs(id TEXT PRIMARY KEY, data BLOB);
  CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT);`

/** A chat of the terminal: its store, what it says of itself beside it, and the transcript. */
const addChat = (home: string, talk: Talk): number => {
  const { cwd, end, id, start, title } = talk
  const folder = path.join(home, ".cursor/chats", createHash("md5").update(cwd).digest("hex"), id)
  const { close, insert } = newDatabase(path.join(folder, "store.db"), storeSchema)
  let bytes = 0
  const known = new Set<string>()
  const put = (data: Uint8Array): Buffer => {
    const hash = createHash("sha256").update(data).digest()
    const blob = hash.toString("hex")
    if (!known.has(blob)) bytes += insert("blobs", { id: blob, data })
    known.add(blob)
    return hash
  }
  let root = field(19, "main")
  let last: Buffer = Buffer.alloc(0)
  for (const message of messagesOf(talk)) {
    root = Buffer.concat([root, field(1, put(Buffer.from(JSON.stringify(message))))])
    // Every step has a list of its own; the older ones stay.
    last = put(root)
  }
  const meta = {
    agentId: id,
    latestRootBlobId: last.toString("hex"),
    name: title,
    mode: "default",
    isRunEverything: false,
    createdAt: start,
    lastUsedModel: "m-1",
    blobEncryptionKey: "none"
  }
  bytes += insert("meta", { key: "0", value: Buffer.from(JSON.stringify(meta)).toString("hex") })
  close()
  const beside = { schemaVersion: 1, createdAtMs: start, updatedAtMs: end, hasConversation: true, title, cwd }
  bytes += writeAt(path.join(folder, "meta.json"), JSON.stringify(beside), end)
  const slug = cwd.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")
  const transcript = path.join(home, ".cursor/projects", slug, "agent-transcripts", id, `${id}.jsonl`)
  return bytes + writeAt(transcript, jsonLines(linesOf(talk)), end)
}

/** A chat of the IDE: its record, and one for each bubble. */
const addIdeChat = (insert: Insert, { cwd, dice, end, id, start, title, turns }: Talk): number => {
  const headers: Array<object> = []
  let bytes = 0
  const put = (type: 1 | 2, time: number, more: object): void => {
    const bubbleId = dice.uuid()
    headers.push({ bubbleId, type })
    const value = JSON.stringify({ bubbleId, type, createdAt: iso(time), text: "", ...more })
    bytes += insert("cursorDiskKV", { key: `bubbleId:${id}:${bubbleId}`, value })
  }
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    put(1, time, { text: prompt })
    for (const { call, said, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      if (thought !== null) put(2, at, { thinking: { text: thought } })
      if (said !== null) put(2, at, { text: said })
      const tool = { tool: 15, name, status: "completed", toolCallId: call.id, rawArgs: JSON.stringify(input) }
      put(2, at, { capabilityType: 15, toolFormerData: { ...tool, result: JSON.stringify({ output: call.output }) } })
    }
    put(2, answeredAt, { text: answer })
  }
  const composer = {
    composerId: id,
    name: title,
    createdAt: start,
    lastUpdatedAt: end,
    unifiedMode: "agent",
    modelConfig: { modelName: "m-1" },
    workspaceIdentifier: { id: "w", uri: { fsPath: cwd } },
    fullConversationHeadersOnly: headers
  }
  return bytes + insert("cursorDiskKV", { key: `composerData:${id}`, value: JSON.stringify(composer) })
}

const ideSchema = `CREATE TABLE cursorDiskKV(key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);
  CREATE TABLE ItemTable(key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB);`

/** Cursor: two thirds chats of the terminal, with a database each, the others chats of the IDE, in one. */
export const openCursor: OpenStore = (home) => {
  const ide = newDatabase(path.join(home, ".config/Cursor/User/globalStorage/state.vscdb"), ideSchema)
  let number = 0
  return {
    add: (talk) => (number++ % 3 === 2 ? addIdeChat(ide.insert, talk) : addChat(home, talk)),
    close: ide.close
  }
}
