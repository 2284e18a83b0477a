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

/** Comments in a session must not switch a rule off. */
const scanners = (rules as unknown as ReadonlyArray<Scanner>).filter(
  ({ meta }) => meta.id !== `${prefix}filter-comments`
)

const translation = { message: "", messageId: "" }

const rest = /[^\s"'`<>(){}[\],;\\]*/y

const widened = (text: string, end: number): number => {
  rest.lastIndex = end
  return end + (rest.exec(text)?.[0].length ?? 0)
}

/** Secrets that a maker's own format gives away. */
export const findKnownSecrets: SecretFinder = (text) => {
  const found: Array<SecretRange> = []
  const source = { content: text, filePath: "session.txt", ext: ".txt", contentType: "text", hasBOM: false }
  for (const { create, meta } of scanners) {
    const rule = meta.id.slice(prefix.length)
    const context = {
      createTranslator: () => () => translation,
      ignore: () => {},
      report: ({ range: [start, end] }: { readonly range: readonly [number, number] }) =>
        void found.push({ start, end: widened(text, end), rule })
    }
    create(context, {}).file?.(source)
  }
  return found
}
