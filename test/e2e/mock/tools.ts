import { asArray, asObject, asString, type Json } from "../../../src/adapters/support/json.ts"
import type { Tool } from "./dialect.ts"

/** Names under which agents offer to run a command. */
const shellName =
  /^(?:bash|shell|exec_command|shell_command|local_shell|run_shell_command|execute|execute_command|run_command|terminal)$/i

const commandKeys = ["command", "cmd", "script", "input"]

/** The tool that runs commands; null where a request offers none. */
export const shellOf = (tools: ReadonlyArray<Tool>): Tool | null =>
  tools.find(({ name }) => shellName.test(name)) ?? null

/** Any value that a JSON Schema allows, as far as agents use it for their tools. */
export const anyValue = (schema: Json, name = ""): unknown => {
  if ("const" in schema) return schema["const"]
  if ("default" in schema) return schema["default"]
  const [first] = asArray(schema["enum"])
  if (first !== undefined) return first
  const [variant] = [...asArray(schema["anyOf"]), ...asArray(schema["oneOf"])]
  if (variant !== undefined) return anyValue(asObject(variant) ?? {}, name)
  const properties = asObject(schema["properties"])
  const type = String(Array.isArray(schema["type"]) ? schema["type"][0] : (schema["type"] ?? "")).toLowerCase()
  if (type === "object" || properties !== null) {
    const names = asArray(schema["required"]).filter((one) => typeof one === "string")
    return Object.fromEntries(names.map((one) => [one, anyValue(asObject(properties?.[one]) ?? {}, one)]))
  }
  if (type === "array") return []
  if (type === "boolean") return false
  if (type === "integer" || type === "number") return 1
  return name === "" ? "mock" : `mock ${name}`
}

/** Arguments that make a shell tool run a command: whatever else it requires is filled in. */
export const shellArguments = ({ isCustom, schema }: Tool, command: string): Json => {
  if (isCustom) return { input: command }
  const properties = asObject(schema["properties"]) ?? {}
  const required = asObject(anyValue({ ...schema, type: "object" })) ?? {}
  const key = commandKeys.find((one) => one in properties) ?? "command"
  const takesList = asString(asObject(properties[key])?.["type"]) === "array"
  return { ...required, [key]: takesList ? ["bash", "-lc", command] : command }
}
