import { rules } from "@secretlint/secretlint-rule-preset-recommend"
import type { SecretFinder, SecretRange } from "../../domain/secret-patterns.ts"

/**
 * The rules of secretlint (MIT) for the tokens of some thirty makers, kept up to date there. Not part of the program
 * that starts, but loaded when something is to be redacted: see `late-module.ts`.
 *
 * What a linter reports is where to look: some rules give a range that begins before the secret and is as long as the
 * secret alone. So every range is widened to the end of the word that it ends in.
 */

/** The part of a rule that is used here; all of them look at a text at once and synchronously. */
interface Scanner {
  readonly meta: { readonly id: string }
  readonly create: (
    context: {
      readonly createTranslator: () => () => { readonly message: string; readonly messageId: string }
      readonly ignore: () => void
      readonly report: (finding: { readonly range: readonly [number, number] }) => void
    },
    options: object
  ) => { readonly file?: (source: object) => unknown }
}

const prefix = "@secretlint/secretlint-rule-"

/**
 * Left out: comments in a session must not switch a rule off; and what these two say of addresses with a password in them
 * takes the rest of the line along, where ours takes the password alone.
 */
const leftOut = new Set(["filter-comments", "database-connection-string", "basicauth"])

const nameOf = ({ meta }: Scanner): string => meta.id.slice(prefix.length)

const scanners = (rules as unknown as ReadonlyArray<Scanner>).filter((rule) => !leftOut.has(nameOf(rule)))

const translation = { message: "", messageId: "" }

const rest = /[^\s"'`<>(){}[\],;\\]*/y

/** Ends of words, of which a long one is looked through once however many findings are in it. */
const wordEnds = (text: string): ((at: number) => number) => {
  let from = 0
  let to = -1
  return (at) => {
    if (at < from || at > to) {
      rest.lastIndex = at
      from = at
      to = at + (rest.exec(text)?.[0].length ?? 0)
    }
    return to
  }
}

/** Without a name every rule looks, those for files of one name too; but the one for npm then takes all for one file. */
const namesFor = (rule: string): ReadonlyArray<string> => (rule === "npm" ? ["", ".npmrc"] : [""])

const quoted = new Set(["'", '"', "`"])

/** Secrets that a maker's own format gives away. */
export const findKnownSecrets: SecretFinder = (text) => {
  const found: Array<SecretRange> = []
  const wordEnd = wordEnds(text)
  for (const scanner of scanners) {
    const rule = nameOf(scanner)
    const context = {
      createTranslator: () => () => translation,
      ignore: () => {},
      report: ({ range: [start, end] }: { readonly range: readonly [number, number] }) =>
        void found.push({ start: quoted.has(text[start] ?? "") ? start + 1 : start, end: wordEnd(end), rule })
    }
    const look = scanner.create(context, {})
    for (const filePath of namesFor(rule)) {
      look.file?.({ content: text, filePath, ext: "", contentType: "text", hasBOM: false })
    }
  }
  return found
}
