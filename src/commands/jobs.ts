import * as Effect from "effect/Effect"
import { bounds } from "../domain/bounds.ts"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags, InvalidDuration, UsageError } from "../domain/errors.ts"
import { jobStatuses } from "../domain/job.ts"
import { acceptedDurations, parseDuration } from "../domain/time.ts"
import { Sends } from "../services/Sends.ts"
import { type ArgumentSpec, defineCommand } from "./spec.ts"
import { boundedNumber, choose } from "./values.ts"

const jobArgument: ArgumentSpec = {
  name: "job",
  description: "id of a job, as send --async gave it",
  required: true,
  variadic: false
}

const exits = [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND]

/** `job`: a job as it is now. */
export const job = defineCommand({
  name: "job",
  summary: "Show a job",
  description: "Its status, exit code and session; once it has ended, the command that reads the new messages.",
  args: [jobArgument],
  flags: {},
  examples: [{ command: "sessionr job j-20261120-101500-9f3a6c01", description: "how far it is" }],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args }) {
    const sends = yield* Sends
    return { result: yield* sends.job(args[0]!), exitCode: exitCodes.OK }
  })
})

/** `wait`: until a job has ended. */
export const wait = defineCommand({
  name: "wait",
  summary: "Wait until a job has ended",
  description: "Exits 0 whatever became of the job: the answer says it.",
  args: [jobArgument],
  flags: {
    timeout: {
      value: "SECONDS",
      description: "give up after so long",
      default: String(bounds.waitTimeoutSeconds.fallback)
    },
    interval: {
      value: "SECONDS",
      description: "look at least so often, 1 to 60",
      default: String(bounds.waitIntervalSeconds.fallback)
    }
  },
  examples: [
    { command: "sessionr wait j-20261120-101500-9f3a6c01 --timeout 600", description: "for ten minutes at most" }
  ],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args, flags }) {
    const sends = yield* Sends
    const timeout = yield* boundedNumber("--timeout", flags.timeout, bounds.waitTimeoutSeconds)
    const interval = yield* boundedNumber("--interval", flags.interval, bounds.waitIntervalSeconds)
    return { result: yield* sends.wait(args[0]!, timeout * 1000, interval * 1000), exitCode: exitCodes.OK }
  })
})

/** `cancel`: ends a job. */
export const cancel = defineCommand({
  name: "cancel",
  summary: "End a job",
  description: "Ends everything that the job has started and keeps its logs. A job that has ended stays as it is.",
  args: [jobArgument],
  flags: {},
  examples: [{ command: "sessionr cancel j-20261120-101500-9f3a6c01", description: "within six seconds" }],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args }) {
    const sends = yield* Sends
    return { result: yield* sends.cancel(args[0]!), exitCode: exitCodes.OK }
  })
})

const duration = (typed: string) => {
  const ms = parseDuration(typed)
  return ms === null
    ? Effect.fail(
        new InvalidDuration({
          message: `--older-than is ${JSON.stringify(typed)}; it can be ${acceptedDurations}`,
          value: typed,
          accepted: acceptedDurations
        })
      )
    : Effect.succeed(ms)
}

/** `jobs`: all of them. */
export const jobs = defineCommand({
  name: "jobs",
  summary: "List jobs, newest first, or forget old ones",
  description: "With --prune and --older-than the records and logs of jobs that ended before are removed.",
  args: [],
  flags: {
    status: { value: "STATUS", description: jobStatuses.join(", ") },
    limit: { alias: "n", value: "N", description: "jobs shown, 1 to 1000", default: String(bounds.jobsLimit.fallback) },
    prune: { description: "forget jobs that have ended" },
    "older-than": { value: "DURATION", description: "with --prune: ended so long ago (7d, 12h)" },
    "dry-run": { description: "with --prune: only show them" }
  },
  examples: [
    { command: "sessionr jobs --status running", description: "what runs now" },
    { command: "sessionr jobs --prune --older-than 30d", description: "forget what ended a month ago" }
  ],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ flags }) {
    const sends = yield* Sends
    const status = yield* choose(
      "--status",
      flags.status,
      jobStatuses,
      ({ did_you_mean, message }) =>
        new UsageError({ message, argument: flags.status, did_you_mean: [...did_you_mean] })
    )
    const limit = yield* boundedNumber("--limit", flags.limit, bounds.jobsLimit)
    const olderThan = flags["older-than"]
    if (flags.prune) {
      if (olderThan === null) {
        return yield* new UsageError({
          message: "jobs --prune needs --older-than: how long ago they ended",
          suggestion: "sessionr jobs --prune --older-than 30d",
          argument: "--older-than",
          did_you_mean: []
        })
      }
      const ms = yield* duration(olderThan)
      return { result: yield* sends.pruneJobs(ms, flags["dry-run"]), exitCode: exitCodes.OK }
    }
    const stray = (["older-than", "dry-run"] as const).filter((name) => flags[name] !== null && flags[name] !== false)
    if (stray.length > 0) {
      return yield* new ConflictingFlags({
        message: `--${stray[0]} goes with --prune`,
        suggestion: "sessionr help jobs",
        flags: stray.map((name) => `--${name}`)
      })
    }
    return { result: yield* sends.jobs({ status, limit }), exitCode: exitCodes.OK }
  })
})
