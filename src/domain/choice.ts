/** Levenshtein distance, with a swap of neighbours as one step. */
const distance = (a: string, b: string): number => {
  let before: Array<number> = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let best = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1)
      row.push(best)
    }
    before = previous
    previous = row
  }
  return previous[b.length]!
}

/**
 * Up to three of `valid` that `value` may have been meant to be, nearest first. `aliases` maps further spellings to
 * valid ones (`vscode` → `copilot`).
 */
export const didYouMean = (
  value: string,
  valid: ReadonlyArray<string>,
  aliases: Readonly<Record<string, string>> = {}
): ReadonlyArray<string> => {
  const typed = value.toLowerCase().slice(0, 64)
  if (Object.hasOwn(aliases, typed)) return [aliases[typed]!]
  return valid
    .map((word) => ({ word, far: word.startsWith(typed) && typed !== "" ? 0 : distance(typed, word.toLowerCase()) }))
    .filter(({ far, word }) => far <= Math.max(1, Math.floor(Math.max(word.length, typed.length) / 3)))
    .sort((a, b) => a.far - b.far || (a.word < b.word ? -1 : 1))
    .slice(0, 3)
    .map(({ word }) => word)
}
