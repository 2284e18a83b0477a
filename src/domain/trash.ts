/** What a duration of `prune` may look like, for messages. */
export const acceptedAges = "Nd, Nh, Nm or Ns with N >= 1: 30d, 12h"

const runForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(?:-\d+)?$/

/** The name of what one `prune` moved, from its time in milliseconds: `20261120T120000Z`. */
export const trashName = (ms: number): string =>
  new Date(ms)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(/[-:]/g, "")

/** The time that such a name tells, in milliseconds since the epoch; null for any other text. */
export const trashTime = (name: string): number | null => {
  const match = runForm.exec(name)
  if (match === null) return null
  const [, year, month, day, hour, minute, second] = match
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? null : time
}

/** Bytes as people say them: `3.4 MB`. */
export const formatBytes = (bytes: number): string => {
  const units = ["bytes", "kB", "MB", "GB", "TB"]
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return unit === 0 ? `${value} bytes` : `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}
