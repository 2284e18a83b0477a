import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as zlib from "node:zlib"
import { asObject, asString, parseJson } from "../../../src/adapters/support/json.ts"
import { anthropic } from "./anthropic.ts"
import { chat } from "./chat.ts"
import { type Dialect, type ModelRequest, type Wire } from "./dialect.ts"
import { gemini } from "./gemini.ts"
import { responses } from "./responses.ts"
import { answerTo, promptOf } from "./script.ts"

const dialects: ReadonlyArray<Dialect> = [anthropic, responses, chat, gemini]

/** A request for an answer, as a test may ask about it. */
export interface Recorded {
  readonly dialect: string
  readonly request: ModelRequest
  readonly prompt: string
  /** True once the client has left before its answer was complete. */
  wasLeft: boolean
}

/** A model on the loopback interface that does what the prompts say: see `script.ts`. */
export interface Mock {
  readonly url: string
  /** Every request for an answer so far. */
  readonly requests: ReadonlyArray<Recorded>
  /** Those in which an agent goes on with a conversation: it offers tools. Titles and the like are left out. */
  readonly conversations: () => ReadonlyArray<Recorded>
  readonly close: () => Promise<void>
}

const decoded = (body: Buffer, encoding: string | undefined): Buffer => {
  if (encoding === "gzip") return zlib.gunzipSync(body)
  if (encoding === "br") return zlib.brotliDecompressSync(body)
  return encoding === "zstd" ? zlib.zstdDecompressSync(body) : body
}

const bodyOf = async (request: http.IncomingMessage): Promise<string> => {
  const parts: Array<Buffer> = []
  for await (const part of request) parts.push(part as Buffer)
  return decoded(Buffer.concat(parts), request.headers["content-encoding"]).toString("utf8")
}

const reply = (response: http.ServerResponse, status: number, body: unknown): void => {
  if (!response.headersSent) response.writeHead(status, { "content-type": "application/json" })
  response.end(JSON.stringify(body))
}

const wireOf = (response: http.ServerResponse): Wire => {
  const isOpen = (): boolean => !response.destroyed && !response.writableEnded
  return {
    isOpen,
    json: (body) => reply(response, 200, body),
    end: () => response.end(),
    event: (data, name) => {
      if (!isOpen()) return
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" })
      const head = name === undefined ? "" : `event: ${name}\n`
      response.write(`${head}data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)
    }
  }
}

const modelNames = ["mock-model", "claude-sonnet-4-5", "claude-haiku-4-5", "gpt-5.2", "gemini-2.5-pro"]

/** Lists of models in a form that every agent understands. */
const models = {
  object: "list",
  has_more: false,
  data: modelNames.map((id) => ({ id, object: "model", type: "model", display_name: id, created: 1_700_000_000 })),
  models: modelNames.map((id) => ({ name: `models/${id}`, supportedGenerationMethods: ["generateContent"] }))
}

const understand = (
  path: string,
  text: string
): { readonly dialect: Dialect; readonly request: ModelRequest } | null => {
  const body = asObject(parseJson(text))
  for (const dialect of body === null ? [] : dialects) {
    const request = dialect.read(path, body!)
    if (request !== null) return { dialect, request }
  }
  return null
}

/** Starts a model. */
export const startMock = (): Promise<Mock> => {
  const requests: Array<Recorded> = []

  const handle = async (incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const path = new URL(incoming.url ?? "/", "http://localhost").pathname.replaceAll(/\/{2,}/g, "/")
    const text = await bodyOf(incoming)
    const understood = incoming.method === "POST" ? understand(path, text) : null
    if (understood !== null) {
      const { dialect, request } = understood
      const recorded: Recorded = { dialect: dialect.name, request, prompt: promptOf(request), wasLeft: false }
      requests.push(recorded)
      response.on("close", () => (recorded.wasLeft = !response.writableFinished))
      const answer = answerTo(request)
      const { failure } = answer
      if (failure !== null) {
        // Else agents wait for much longer between their attempts.
        if (failure === 429 || failure >= 500) response.setHeader("retry-after", "1")
        return reply(response, failure, dialect.failure(failure, `mock failure ${failure}`))
      }
      return dialect.write(wireOf(response), request, answer, `mock${requests.length}`)
    }
    if (/[/:]count_?tokens$/i.test(path)) return reply(response, 200, { input_tokens: 100, totalTokens: 100 })
    if (incoming.method === "GET" && path.endsWith("/models")) return reply(response, 200, models)
    // Agents ask their vendors for much else: none of it is there.
    const message = `the mock has no ${asString(incoming.method)} ${path}`
    reply(response, 404, { error: { type: "not_found_error", message } })
  }

  const server = http.createServer((incoming, response) => {
    handle(incoming, response).catch((cause: unknown) => {
      console.error(`mock: ${incoming.method} ${incoming.url}:`, cause)
      reply(response, 500, { error: { message: "the mock is broken" } })
    })
  })
  server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 426 Upgrade Required\r\nconnection: close\r\n\r\n"))
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () =>
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        requests,
        conversations: () => requests.filter(({ request }) => request.tools.length > 0 && request.schema === null),
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            server.closeAllConnections()
          })
      })
    )
  })
}
