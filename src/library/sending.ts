import * as Effect from "effect/Effect"
import { bounds, sendPreset } from "../domain/bounds.ts"
import { InvalidPreset } from "../domain/errors.ts"
import { jobStatuses } from "../domain/job.ts"
import { permissions, type SendKind } from "../domain/sending.ts"
import { makeView, presets } from "../domain/view.ts"
import { messagePrinting } from "../render/printing.ts"
import { tokenBudget } from "../services/budget.ts"
import type { ReadBackForm, SendRequest } from "../services/Sends.ts"
import * as values from "../services/values.ts"
import { format, source, typed, version, word } from "./given.ts"
import type { JobsOptions, SendOptions, SourceOption, WaitOptions } from "./options.ts"

export const sendRequest = Effect.fnUntraced(function* (
  kind: SendKind,
  id: string | null,
  options: SendOptions & SourceOption & { readonly idempotencyKey?: string }
) {
  const preset = yield* values.choose("preset", options.preset ?? null, presets, (fields) => new InvalidPreset(fields))
  const { max, min } = bounds.sendTimeoutSeconds
  // Callers whose compiler did not look may leave it out.
  const prompt = (options.prompt as string | undefined) ?? ""
  return {
    kind,
    id,
    source: yield* source(options.source),
    cwd: yield* values.sendDirectory(kind, options.cwd ?? null),
    prompt: yield* values.promptText("prompt", prompt, prompt.slice(0, 80)),
    name: options.name === undefined ? null : yield* values.sessionName("name", options.name),
    timeoutMs: yield* values.wholeNumber("timeoutMs", typed(options.timeoutMs), null, min * 1000, max * 1000),
    detectTimeoutMs: yield* values.boundedNumber(
      "detectTimeoutMs",
      typed(options.detectTimeoutMs),
      bounds.detectTimeoutMs
    ),
    queue: options.queue ?? false,
    idempotencyKey: options.idempotencyKey ?? null,
    model: options.model ?? null,
    permission: yield* word("permission", options.permission, permissions),
    extra: options.extra ?? [],
    tokens: (yield* tokenBudget("send", typed(options.tokens))).tokens,
    preset: preset ?? sendPreset
  } satisfies SendRequest
})

/** How the new messages of a send are shown; the agent's output is the caller's as it is. */
export const readBackForm = ({ preset }: Pick<SendRequest, "preset">): ReadBackForm => ({
  view: makeView(presets.find((name) => name === preset) ?? sendPreset, null, true),
  printing: messagePrinting(format, version),
  mirrored: (text) => text
})

export const waitTimes = Effect.fnUntraced(function* (options: WaitOptions) {
  const { waitIntervalSeconds: interval, waitTimeoutSeconds: timeout } = bounds
  const ms = (name: keyof WaitOptions, { fallback, max, min }: typeof interval | typeof timeout) =>
    values.wholeNumber(name, typed(options[name]), fallback * 1000, min * 1000, max * 1000)
  return { timeoutMs: yield* ms("timeoutMs", timeout), intervalMs: yield* ms("intervalMs", interval) }
})

export const jobsFilter = Effect.fnUntraced(function* (options: JobsOptions) {
  return {
    status: yield* word("status", options.status, jobStatuses),
    limit: yield* values.boundedNumber("limit", typed(options.limit), bounds.jobsLimit)
  }
})
