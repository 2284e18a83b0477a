import * as Context from "effect/Context"

/** A line on stderr for a person who waits: a count and a bar, gone when the answer comes. */
export class Progress extends Context.Service<
  Progress,
  {
    /** Plain functions, so that plain loops may call them; cheap enough for every item. */
    readonly update: (label: string, done: number, total: number) => void
    readonly clear: () => void
  }
>()("sessionr/services/Progress") {}
