import type * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type {
  ContextResult,
  DiffResult,
  DryRunResult,
  InfoResult,
  JobResult,
  JobsResult,
  ListResult,
  NamesResult,
  ReadResult,
  SearchResult,
  SentResult,
  StatsResult,
  TagResult,
  UnchangedResult
} from "../domain/results.ts"
import type {
  Async,
  CheckpointOptions,
  ContextOptions,
  DiffOptions,
  DryRun,
  JobsOptions,
  ListOptions,
  Once,
  ReadOptions,
  ResumeOptions,
  SearchOptions,
  SourceOption,
  StartOptions,
  TagOptions,
  WaitOptions
} from "./options.ts"

/** How operations answer: as Effects, or as promises. */
export type Mode = "effect" | "promise"

type Answer<M extends Mode, A> = M extends "effect" ? Effect.Effect<A, AppError> : Promise<A>

/** Options of an operation that may take long: without Effect, which has its own way, a signal interrupts it. */
type Long<M extends Mode, Options> = M extends "effect" ? Options : Options & { readonly signal?: AbortSignal }

/**
 * A send. It ends when the agent has, with the new messages and what became of the prompt: `delivered`, or `unanswered`
 * where the prompt is there without an answer. A prompt that did not arrive is a failure.
 */
export interface Send<M extends Mode, Place extends ReadonlyArray<unknown>, Options> {
  (...args: [...Place, options: Long<M, Options & DryRun>]): Answer<M, DryRunResult>
  (...args: [...Place, options: Long<M, Options & Async>]): Answer<M, JobResult>
  (...args: [...Place, options: Long<M, Options & Once>]): Answer<M, SentResult | JobResult>
  (...args: [...Place, options: Long<M, Options>]): Answer<M, SentResult>
}

/** What can be done with the sessions of every agent. Every `id` is a full id, a unique prefix of one, or a name. */
export interface SessionsApi<M extends Mode = "effect"> {
  /** Starts a new session. */
  readonly start: Send<M, [], StartOptions>
  /** Sends into a session. */
  readonly resume: Send<M, [id: string], ResumeOptions>
  /** Starts a new session from one that stays as it is; from a checkpoint where the agent can begin there. */
  readonly fork: Send<M, [id: string], ResumeOptions>
  /** Sends into the newest session of a source in the directory. */
  readonly continue: Send<M, [], StartOptions>

  /** Sessions, newest first. */
  readonly list: (options?: ListOptions) => Answer<M, ListResult>
  /** What was said, in every session: words that must all occur, or `"a phrase"`. */
  readonly search: (text: string, options?: SearchOptions) => Answer<M, SearchResult>
  /** Messages within a budget, with indices that never change. With `ifChanged`, an etag, nothing while it is right. */
  readonly read: {
    (id: string, options: ReadOptions & { readonly ifChanged: string }): Answer<M, ReadResult | UnchangedResult>
    (id: string, options?: ReadOptions): Answer<M, ReadResult>
  }
  /** What another agent needs to carry on. */
  readonly context: (id: string, options?: ContextOptions) => Answer<M, ContextResult>
  /** Where two sessions part. */
  readonly diff: (a: string, b: string, options?: DiffOptions) => Answer<M, DiffResult>
  readonly info: (id: string, options?: SourceOption) => Answer<M, InfoResult>
  /** Tools with errors, files modified, tokens and subagents. */
  readonly stats: (id: string, options?: SourceOption) => Answer<M, StatsResult>

  /** Names a session. Naming again moves the name. */
  readonly name: (id: string, name: string, options?: SourceOption) => Answer<M, NamesResult>
  /** Names a message of a session: `fork` goes back to it. */
  readonly checkpoint: (id: string, name: string, options?: CheckpointOptions) => Answer<M, NamesResult>
  /** Every name. */
  readonly names: () => Answer<M, NamesResult>
  readonly removeName: (name: string) => Answer<M, NamesResult>
  /** Shows or changes the tags of a session. */
  readonly tag: (id: string, options?: TagOptions) => Answer<M, TagResult>

  /** A job as it is now. */
  readonly job: (jobId: string) => Answer<M, JobResult>
  /** Waits until a job has ended, well or not: its status says which. */
  readonly wait: (jobId: string, options?: Long<M, WaitOptions>) => Answer<M, JobResult>
  /** Ends everything that a job has started. */
  readonly cancel: (jobId: string) => Answer<M, JobResult>
  /** Jobs, newest first. */
  readonly jobs: (options?: JobsOptions) => Answer<M, JobsResult>
}
