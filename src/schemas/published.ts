import * as Schema from "effect/Schema"
import { ContextEnvelope } from "./context.ts"
import { DiffEnvelope } from "./diff.ts"
import {
  CompletionsEnvelope,
  DocsEnvelope,
  HelpEnvelope,
  SchemaEnvelope,
  TopicEnvelope,
  VersionEnvelope
} from "./documents.ts"
import { ErrorEnvelope } from "./error.ts"
import { ExportEnvelope } from "./export.ts"
import { ListEnvelope } from "./list.ts"
import { DoctorEnvelope, SourcesEnvelope } from "./machine.ts"
import { NamesEnvelope } from "./names.ts"
import { PrunedEnvelope, PruneEnvelope, RestoredEnvelope, TrashEnvelope } from "./prune.ts"
import { ReadEnvelope, UnchangedEnvelope } from "./read.ts"
import { SearchEnvelope } from "./search.ts"
import { DryRunEnvelope, JobEnvelope, JobsEnvelope, SendEnvelope } from "./sending.ts"
import type { ShapeName } from "./shape-names.ts"
import { InfoEnvelope, StatsEnvelope } from "./session.ts"
import { TagEnvelope } from "./tag.ts"
import { TotalsEnvelope } from "./totals.ts"
import { TreeEnvelope } from "./tree.ts"

export type JsonSchema = { readonly [key: string]: unknown }

const shapes = {
  list: ListEnvelope,
  search: SearchEnvelope,
  read: ReadEnvelope,
  unchanged: UnchangedEnvelope,
  context: ContextEnvelope,
  diff: DiffEnvelope,
  info: InfoEnvelope,
  stats: StatsEnvelope,
  export: ExportEnvelope,
  tag: TagEnvelope,
  totals: TotalsEnvelope,
  tree: TreeEnvelope,
  prune: PruneEnvelope,
  pruned: PrunedEnvelope,
  restored: RestoredEnvelope,
  trash: TrashEnvelope,
  doctor: DoctorEnvelope,
  sources: SourcesEnvelope,
  names: NamesEnvelope,
  send: SendEnvelope,
  "dry-run": DryRunEnvelope,
  job: JobEnvelope,
  jobs: JobsEnvelope,
  help: HelpEnvelope,
  schema: SchemaEnvelope,
  completions: CompletionsEnvelope,
  docs: DocsEnvelope,
  topic: TopicEnvelope,
  version: VersionEnvelope,
  error: ErrorEnvelope
} as const satisfies Record<ShapeName, Schema.Top>

export const draft = "https://json-schema.org/draft/2020-12/schema"

/** A schema of ours as JSON Schema. A key that it does not name is an error, at every level. */
export const publish = (shape: Schema.Top): JsonSchema => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(shape, { onExcessProperty: "error" })
  return { $schema: draft, ...schema, ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }) }
}

/** The JSON Schema of a version 1 envelope. */
export const version1 = (name: ShapeName): JsonSchema => publish(shapes[name])

/** An object with these properties and no others. */
export const object = (properties: JsonSchema, optional: ReadonlyArray<string> = []): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false
})

const snake = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** Renames the properties of a schema as version 2 renames the keys of what it describes. */
const snakeSchema = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(snakeSchema)
  if (typeof node !== "object" || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (key === "properties" && typeof value === "object" && value !== null) {
        return [
          key,
          Object.fromEntries(
            Object.entries(value).map(([name, child]) => [snake(name), name === "input" ? child : snakeSchema(child)])
          )
        ]
      }
      if (key === "required" && Array.isArray(value)) return [key, value.map((name) => snake(String(name)))]
      return [key, snakeSchema(value)]
    })
  )
}

const nullable = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: "null" }] })

const text: JsonSchema = { type: "string" }
const whole: JsonSchema = { type: "integer" }

const listCursor = nullable(object({ command: text, offset: whole, limit: whole }))
const readCursor = nullable(object({ command: text, after: nullable(whole), tokens: whole }))

const cursors = (cursor: JsonSchema): JsonSchema => object({ next: cursor, prev: cursor, first: cursor })

export type Properties = { readonly [key: string]: JsonSchema }

/** The JSON Schema of a version 2 envelope: one shape around what version 1 spreads over its root. */
export const version2 = (name: ShapeName): JsonSchema => {
  const {
    $defs,
    $schema: _draft,
    properties,
    required
  } = snakeSchema(version1(name)) as {
    readonly $defs?: JsonSchema
    readonly $schema: string
    readonly properties: Properties
    readonly required: ReadonlyArray<string>
  }
  const { actions, api_version: _version, data, error, meta, ok: _ok, result = data, ...rest } = properties
  const empty = object({ timing_ms: whole }, ["timing_ms"])
  const around = { ok: { const: name !== "error" }, schema_version: { const: "2" } }
  const shell = (fields: JsonSchema): JsonSchema => ({
    $schema: draft,
    ...object(fields),
    ...($defs === undefined ? {} : { $defs })
  })
  if (name === "error") {
    return shell({ ...around, error: retryable(error!, $defs), meta: empty, actions: actions! })
  }
  const optional = Object.keys(rest).filter((key) => !required.includes(key))
  const body = result ?? object(rest, optional)
  const withCursor = (schema: JsonSchema, cursor: JsonSchema): JsonSchema => ({
    ...schema,
    properties: { ...(schema["properties"] as JsonSchema), cursor: cursors(cursor) }
  })
  return shell({
    ...around,
    meta: name === "read" || name === "diff" ? withCursor(meta!, readCursor) : (meta ?? empty),
    result: name === "list" ? withCursor(body, listCursor) : body,
    actions: actions!
  })
}

/** The error body of version 2 says `retryable` where version 1 says `retry`. */
const retryable = (error: JsonSchema, definitions: JsonSchema | undefined): JsonSchema => {
  const reference = error["$ref"]
  const body = (typeof reference === "string" ? definitions?.[reference.slice("#/$defs/".length)] : error) as {
    readonly properties: JsonSchema
    readonly required: ReadonlyArray<string>
  }
  const { retry, ...properties } = body.properties
  return {
    ...body,
    properties: { ...properties, retryable: retry },
    required: body.required.map((key) => (key === "retry" ? "retryable" : key))
  }
}
