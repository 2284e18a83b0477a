import { FileNotWritable } from "../domain/errors.ts"

const words: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EISDIR: "it is a directory",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "its directory does not exist",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of the path is not a directory",
  EPERM: "the operation is not permitted",
  EROFS: "the file system is read-only"
}

/** The failure of a write: `reason` is the system's code, or words of ours, and `name` what people call the path. */
export const notWritable = (path: string, reason: string, why = words[reason] ?? reason, name = path) =>
  new FileNotWritable({ message: `cannot write ${name}: ${why}`, path, reason })

/** What a thrown error says of a write. */
export const writeFailure = (path: string, cause: unknown, name = path): FileNotWritable => {
  if (cause instanceof FileNotWritable) return cause
  const code = (cause as NodeJS.ErrnoException).code
  const text = cause instanceof Error ? cause.message : String(cause)
  return code === undefined ? notWritable(path, text, text, name) : notWritable(path, code, undefined, name)
}
