import { FileNotWritable } from "../domain/errors.ts"
import { codeOf, reasonOf } from "./disk.ts"

/** The failure of a write: `reason` is the system's code or words of ours, `name` what people call the path. */
export const notWritable = (path: string, reason: string, why: string, name = path) =>
  new FileNotWritable({ message: `cannot write ${name}: ${why}`, path, reason })

/** What a thrown error says of a write. What is missing when a file is made is the directory for it. */
export const writeFailure = (path: string, cause: unknown, name = path): FileNotWritable => {
  if (cause instanceof FileNotWritable) return cause
  const code = codeOf(cause)
  const why = code === "ENOENT" ? "its directory does not exist" : reasonOf(cause)
  return notWritable(path, code ?? why, why, name)
}
