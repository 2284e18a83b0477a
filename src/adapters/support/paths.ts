/** Whether a path that some machine wrote is absolute there: POSIX, Windows with a drive, or UNC. */
export const isAbsolutePath = (path: string): boolean => /^(?:[/\\]|[a-z]:[/\\])/i.test(path)

/** A recorded path made absolute from the directory it was meant in, without looking at the disk; as it is without one. */
export const resolvePath = (base: string | null, path: string): string => {
  if (isAbsolutePath(path) || base === null) return path
  const kept: Array<string> = []
  for (const part of `${base}/${path}`.split("/")) {
    if (part === "..") kept.pop()
    else if (part !== "." && (part !== "" || kept.length === 0)) kept.push(part)
  }
  return kept.join("/")
}

/** The same where the tool also writes paths from the user's home, which stay as they are. */
export const resolveHomePath = (base: string | null, path: string): string =>
  path.startsWith("~") ? path : resolvePath(base, path)
