import type { ApiVersion } from "../domain/output.ts"
import { ExportDocument, ExportDocumentLine } from "./export.ts"
import { lineItemsOf } from "./line-items.ts"
import { BatchLine, EndLine } from "./lines.ts"
import { type LineShape, lineShapes, type ShapeName } from "./shape-names.ts"
import { draft, type JsonSchema, object, type Properties, publish, version1, version2 } from "./published.ts"

interface ObjectSchema {
  readonly properties: Properties
  readonly required: ReadonlyArray<string>
  readonly $defs?: JsonSchema
}

const envelope = (name: ShapeName, apiVersion: ApiVersion): ObjectSchema =>
  (apiVersion === 1 ? version1(name) : version2(name)) as unknown as ObjectSchema

const typed = (type: string, { properties, required }: ObjectSchema, more: Properties = {}): JsonSchema =>
  object(
    { type: { const: type }, ...more, ...properties },
    Object.keys(properties).filter((key) => !required.includes(key))
  )

const without = ({ properties, required }: ObjectSchema, key: string): ObjectSchema => ({
  properties: Object.fromEntries(Object.entries(properties).filter(([name]) => name !== key)),
  required: required.filter((name) => name !== key)
})

const anyOf = (lines: ReadonlyArray<JsonSchema>, definitions: JsonSchema | undefined): JsonSchema => ({
  $schema: draft,
  anyOf: lines,
  ...(definitions === undefined ? {} : { $defs: definitions })
})

/** The last line of every JSONL answer. */
export const endLine = (): JsonSchema => publish(EndLine)

const bareEnd = (): JsonSchema => {
  const { $schema: _, ...end } = endLine()
  return end
}

/** One line of the JSONL form of an answer: `meta`, which is the envelope without items and actions, an item, or `end`. */
const lineOf = (name: LineShape, apiVersion: ApiVersion): JsonSchema => {
  const whole = envelope(name, apiVersion)
  const item = lineItemsOf(name)
  const head = without(whole, "actions")
  if (item === undefined) return anyOf([typed("meta", head), bareEnd()], whole.$defs)
  const [key, type] = item
  const holder = (apiVersion === 2 || name === "doctor" ? whole.properties["result"] : whole) as unknown as ObjectSchema
  const bare = without(holder, key)
  const meta =
    holder === (whole as unknown)
      ? without(bare, "actions")
      : { ...head, properties: { ...head.properties, result: { ...holder, ...bare } as unknown as JsonSchema } }
  const items = holder.properties[key] as { readonly items: ObjectSchema }
  return anyOf([typed("meta", meta), typed(type, items.items), bareEnd()], whole.$defs)
}

/** One line of `read --batch`. */
const batchLine = (apiVersion: ApiVersion): JsonSchema => {
  if (apiVersion === 1) return publish(BatchLine)
  const read = envelope("read", 2)
  const result = read.properties["result"] as unknown as ObjectSchema
  const messages = result.properties["messages"] as unknown as { readonly items: ObjectSchema }
  const session_id = { type: "string" }
  const session = {
    properties: { session: result.properties["session"]!, meta: read.properties["meta"]! },
    required: ["meta"]
  }
  const error = { properties: { error: envelope("error", 2).properties["error"]! }, required: ["error"] }
  const count = { properties: { count: { type: "integer", minimum: 0 } }, required: ["count"] }
  return anyOf(
    [
      typed("meta", count),
      typed("session", session, { session_id }),
      typed("message", messages.items, { session_id }),
      typed("error", error, { session_id }),
      bareEnd()
    ],
    read.$defs
  )
}

/** The schemas of single lines, by the name that `sessionr schema` knows them by. */
export const lineSchemas = (apiVersion: ApiVersion): Properties => ({
  ...Object.fromEntries(lineShapes.map((name) => [`${name}-line`, lineOf(name, apiVersion)])),
  "batch-line": batchLine(apiVersion),
  "end-line": endLine(),
  "export-document": publish(ExportDocument),
  "export-document-line": publish(ExportDocumentLine)
})
