/** Bits of information a character, for what is said once: `aaaa` has 0, eight different characters have 3. */
const entropy = (text: string): number => {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

/** Whether a text looks drawn by chance: letters and digits among each other, no few of them again and again. */
export const looksRandom = (text: string): boolean => {
  const sample = text.slice(0, 512)
  return sample.length >= 8 && /[0-9]/.test(sample) && /[A-Za-z]/.test(sample) && entropy(sample) >= 2.75
}

/** An expression of a program: `config.token`, `process.env.API_KEY`, `this.#secret`. */
const isExpression = (text: string): boolean =>
  /^[A-Za-z_$][\w$]{0,60}(?:[?!]?\.#?[A-Za-z_$][\w$]{0,60}){1,12}[;:]?$/.test(text)

/** Filled in later, by a shell, a template, a reader of the manual. */
const isPlaceholder = (text: string): boolean =>
  /^(?:[$%<{[(]|@@|\*{3}|\.{3}|x{3}|X{3})/.test(text) || text.includes("${") || text.includes("{{")

/** A literal or a type where a value could stand. */
const isWord = (text: string): boolean =>
  /^(?:true|false|null|nil|none|undefined|unknown|any|str|string|text|bytes|number|int|object|bool|boolean|required|optional|never|void)[;,?]?$/i.test(
    text
  )

/** What is known of a value that something was given: see `looksAssigned`. */
export interface Assigned {
  /** The name with its sign, as written: `API_KEY=`. */
  readonly name: string
  readonly isPassword: boolean
  readonly isQuoted: boolean
  /** `NAME=value`, without a blank. */
  readonly isTight: boolean
}

/**
 * Whether a value behind the name of a secret is one. A wrong yes costs a reader a word, a wrong no somebody a secret;
 * but a document in which every `token: string` of a program is blacked out helps nobody.
 */
export const looksAssigned = (value: string, { isPassword, isQuoted, isTight, name }: Assigned): boolean => {
  const isVariable = /^[A-Z0-9_-]+(?:=|["'`\\]*\s*[=:])/.test(name)
  if (value.length < 4 || isPlaceholder(value) || isWord(value)) return false
  if (/\s/.test(value)) return isPassword && isVariable && isTight
  const plain = value.toLowerCase().replace(/[^a-z]/g, "")
  const isNamed =
    plain !== "" &&
    name
      .toLowerCase()
      .replace(/[^a-z]/g, "")
      .includes(plain)
  if (!isQuoted && (isExpression(value) || isNamed)) return false
  if (isPassword) {
    if (/^[/~.]/.test(value)) return false
    return isQuoted || isTight || /[^A-Za-z_.,;-]/.test(value)
  }
  if (/^(?:https?:|[/~.]|[0-9.,]+$)/.test(value)) return false
  if (looksRandom(value)) return true
  const isSecret = /secret|api[_-]?key|private[_-]?key/i.test(name)
  return (
    value.length >= 6 &&
    ((isVariable && isTight && !/^[0-9]/.test(value)) || (isQuoted && isSecret && value.length >= 8))
  )
}
