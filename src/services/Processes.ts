import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { SpawnError } from "../domain/send-errors.ts"

/** A process as nothing else can be mistaken for it: pids are given out again, also after a restart of the machine. */
export interface ProcessId {
  readonly pid: number
  /** When it started, in whatever unit the system counts; null where the system does not say. */
  readonly startedAt: string | null
  /** Names this run of the machine; null where the system does not say. */
  readonly bootId: string | null
}

/** How a child ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

/** Where the output of a child goes. Lines come without their ends; a very long one may come in pieces. */
export type ChildOutput =
  /** Line by line to the caller, and as it comes to `mirror`. */
  | { readonly kind: "pipes"; readonly lines: LineReader; readonly mirror: (text: string) => void }
  /** Straight into files, which outlive whoever started the child; the caller follows them line by line. */
  | { readonly kind: "files"; readonly stdout: string; readonly stderr: string; readonly lines: LineReader }
  /** Nowhere. */
  | { readonly kind: "none" }

export interface LineReader {
  readonly stdout: (line: string) => void
  readonly stderr: (line: string) => void
}

export interface ChildRequest {
  /** Absolute path of the program. */
  readonly bin: string
  readonly args: ReadonlyArray<string>
  /** An existing directory. */
  readonly cwd: string
  /** Set in addition to our own environment; null takes a variable away. */
  readonly env: Readonly<Record<string, string | null>>
  /** Given as standard input, which then ends; null: it is at its end from the start. */
  readonly stdin: string | null
  readonly output: ChildOutput
}

export interface Child {
  readonly id: ProcessId
  /** Waits for the process itself, not for its pipes: a descendant may keep those open for ever. */
  readonly exit: Effect.Effect<Exit>
}

/** Processes of this machine. */
export class Processes extends Context.Service<
  Processes,
  {
    readonly self: Effect.Effect<ProcessId>
    readonly isAlive: (id: ProcessId) => Effect.Effect<boolean>
    /**
     * Whether a process of that number runs whose command line has the word `program`; with null, and where the system
     * shows no command line, any process.
     */
    readonly isRunning: (pid: number, program: string | null) => Effect.Effect<boolean>
    /** Starts a program without a shell, in a process group of its own, which is not ended when we are. */
    readonly start: (request: ChildRequest) => Effect.Effect<Child, SpawnError>
    /**
     * Starts this program once more, with these arguments, so that it outlives us; `stdin` is given to it. Ends with the
     * first line that it prints, or null when it ends without one.
     */
    readonly startSelf: (args: ReadonlyArray<string>, stdin: string) => Effect.Effect<string | null, SpawnError>
    /**
     * Ends a process group: SIGTERM, and after `graceMs` SIGKILL for what is left. True when nothing of it is left. A
     * pid that was given out again is left alone.
     */
    readonly endGroup: (id: ProcessId, graceMs: number) => Effect.Effect<boolean>
    /** Live processes whose environment has this variable with this value, where the system shows that. */
    readonly marked: (variable: string, value: string) => Effect.Effect<ReadonlyArray<ProcessId>>
  }
>()("sessionr/services/Processes") {}
