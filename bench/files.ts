import * as fs from "node:fs"
import * as path from "node:path"
import { DatabaseSync } from "node:sqlite"

/** Writes a file that was last changed at `time`, milliseconds since the epoch; gives its bytes. */
export const writeAt = (file: string, content: string, time: number): number => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  fs.writeFileSync(file, content)
  fs.utimesSync(file, time / 1000, time / 1000)
  return Buffer.byteLength(content)
}

export const jsonLines = (records: ReadonlyArray<object>): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join("")

/** A statement of the form `INSERT INTO table VALUES (…)`, by the names of its columns; gives the bytes of the values. */
export type Insert = (table: string, row: Readonly<Record<string, string | number | null | Uint8Array>>) => number

const bytesOf = (value: string | number | null | Uint8Array): number =>
  typeof value === "string" ? Buffer.byteLength(value) : value instanceof Uint8Array ? value.length : 8

/** A new database, filled in one transaction that `close` ends. */
export const newDatabase = (file: string, schema: string): { readonly insert: Insert; readonly close: () => void } => {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; BEGIN; ${schema}`)
  const statements = new Map<string, ReturnType<DatabaseSync["prepare"]>>()
  return {
    insert: (table, row) => {
      const names = Object.keys(row)
      const sql = `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`
      const statement = statements.get(sql) ?? database.prepare(sql)
      statements.set(sql, statement)
      statement.run(...Object.values(row))
      return Object.values(row).reduce<number>((sum, value) => sum + bytesOf(value), 0)
    },
    close: () => {
      database.exec("COMMIT")
      database.close()
    }
  }
}

const fixtures = path.join(path.dirname(import.meta.dirname), "test/fixtures")

/** The schema of a tool's database, as the tests have it. */
export const schemaOf = (...names: ReadonlyArray<string>): string =>
  names.map((name) => fs.readFileSync(path.join(fixtures, name), "utf8")).join("\n")

/** Bytes of all files below a directory. */
export const bytesBelow = (directory: string): number =>
  fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + fs.statSync(path.join(entry.parentPath, entry.name)).size, 0)
