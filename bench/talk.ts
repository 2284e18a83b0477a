import { usualOutput } from "./claude-like.ts"
import { type Dice, dice } from "./random.ts"

/** A call of a tool and what it gave back: a file that is changed, or a command that is run. */
export interface Call {
  readonly id: string
  readonly edit: { readonly path: string; readonly before: string; readonly after: string } | null
  readonly command: string
  readonly output: string
}

/** What a model does until it waits for a result. Times are milliseconds since the epoch. */
export interface Step {
  readonly thought: string | null
  readonly said: string | null
  readonly call: Call
  readonly time: number
  readonly doneAt: number
}

export interface Turn {
  readonly prompt: string
  readonly time: number
  readonly steps: ReadonlyArray<Step>
  readonly answer: string
  readonly answeredAt: number
}

/** A session that is of no source yet. */
export interface Talk {
  readonly id: string
  readonly title: string
  readonly cwd: string
  readonly start: number
  readonly end: number
  /** About what all of it was to be. */
  readonly chars: number
  readonly turns: ReadonlyArray<Turn>
  /** For ids of records and the like. */
  readonly dice: Dice
}

/** How a source keeps sessions: `add` gives the bytes that one takes, before any compression. */
export interface Store {
  readonly add: (talk: Talk) => number
  readonly close: () => void
}

/** Opens the store of a source below a home. */
export type OpenStore = (home: string) => Store

/** 2026-10-01, noon. */
const epoch = Date.UTC(2026, 9, 1, 12)

/**
 * The `number`th session of a source, of about so many characters and always the same one for a seed: turns of prompts,
 * steps and answers.
 */
export const talkOf = (seed: number, number: number, chars: number): Talk => {
  const roll = dice(seed + number)
  const start = epoch + number * 600_000
  const cwd = `/srv/project-${roll.between(1, 40)}`
  let now = start
  const budget = { left: chars }
  const later = (): number => (now += roll.between(200, 20_000))
  const take = (text: string): string => {
    budget.left -= text.length
    return text
  }
  const call = (): Call => {
    const path = `${cwd}/src/part-${roll.between(1, 60)}.ts`
    const command = take(`rg -n ${roll.pick(["session", "cursor", "budget"])} ${path}`)
    const edit = roll.chance(0.3) ? { path, before: take(roll.output(400)), after: take(roll.output(500)) } : null
    return {
      id: roll.uuid(),
      edit,
      command,
      output: take(roll.output(Math.max(100, Math.min(budget.left, usualOutput(roll)))))
    }
  }
  const step = (): Step => ({
    thought: roll.chance(0.4) ? take(roll.prose(600)) : null,
    said: roll.chance(0.4) ? take(roll.prose(roll.between(60, 800))) : null,
    time: later(),
    call: call(),
    doneAt: later()
  })
  const turns: Array<Turn> = []
  do {
    const prompt = take(roll.prose(roll.between(20, 600)))
    const time = later()
    const steps: Array<Step> = []
    for (let many = roll.between(1, 8); many > 0 && (budget.left > 0 || steps.length === 0); many--) steps.push(step())
    turns.push({ prompt, time, steps, answer: take(roll.prose(roll.between(200, 2500))), answeredAt: later() })
  } while (budget.left > 0)
  return { id: roll.uuid(), title: roll.prose(40), cwd, start, end: now, chars, turns, dice: roll }
}

/** Name and input of a call, as most tools have them. */
export const inputOf = ({ command, edit }: Call): { readonly name: string; readonly input: object } =>
  edit === null
    ? { name: "bash", input: { command } }
    : { name: "edit", input: { path: edit.path, old_string: edit.before, new_string: edit.after } }

export const iso = (time: number): string => new Date(time).toISOString()
