/** Flags as they were typed, but for those named, as words of a next command. */
export const repeatFlags = (
  flags: Readonly<Record<string, unknown>>,
  typed: Readonly<Record<string, string | boolean | null>>,
  but: ReadonlyArray<string>
): ReadonlyArray<string> =>
  Object.keys(flags).flatMap((name) => {
    const value = typed[name]
    if (but.includes(name) || value === null || value === undefined || value === false) return []
    return value === true ? [`--${name}`] : [`--${name}`, value]
  })
