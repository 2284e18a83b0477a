import * as Effect from "effect/Effect"
import { didYouMean } from "../domain/choice.ts"
import { exitCodes } from "../domain/error-table.ts"
import { TopicNotFound } from "../domain/errors.ts"
import { manualTopics } from "../domain/manual.ts"
import type { DocumentResult } from "../domain/results.ts"
import { renderManual } from "../render/manual.ts"
import { makePaint } from "../render/terminal.ts"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Manual } from "../services/Manual.ts"
import { defineCommand } from "./spec.ts"

const names = manualTopics.map(({ topic }) => topic)

const synonyms: Readonly<Record<string, string>> = {
  start: "quickstart",
  intro: "quickstart",
  read: "reading",
  search: "searching",
  list: "searching",
  stats: "searching",
  tree: "searching",
  agent: "agents",
  json: "output",
  schema: "output",
  send: "sending",
  job: "sending",
  jobs: "sending",
  name: "sending",
  checkpoint: "sending",
  redact: "export",
  trash: "prune",
  undo: "prune",
  cache: "state",
  faq: "troubleshooting"
}

/** The page on a terminal as text, anywhere else as it was written. */
const shown = Effect.fnUntraced(function* (markdown: string) {
  const { color, stdoutIsTerminal } = yield* Invocation
  const { columns } = yield* Host
  return stdoutIsTerminal ? renderManual(markdown, { paint: makePaint(color), width: columns }) : markdown
})

const contents = (): string => {
  const rows = manualTopics.map(({ summary, title, topic }) => `| \`${topic}\` | ${title} | ${summary} |\n`)
  return `# Manual\n\n\`sessionr docs <topic>\` prints a page.\n\n| topic | page | about |\n|---|---|---|\n${rows.join("")}`
}

/** `docs`: the bundled manual. */
export const docs = defineCommand({
  name: "docs",
  summary: "Read the manual, offline",
  description: `Lists its topics, or prints one: ${names.join(", ")}. Plain text on a terminal, markdown anywhere else.`,
  args: [{ name: "topic", description: "a page of the manual", required: false, variadic: false }],
  flags: {},
  examples: [
    { command: "sessionr docs", description: "what there is to read" },
    { command: "sessionr docs agents", description: "how a program should call sessionr" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.USAGE, exitCodes.NOT_FOUND],
  isDocument: true,
  run: Effect.fnUntraced(function* ({ args }) {
    const manual = yield* Manual
    const typed = args[0]
    if (typed === undefined) {
      const result: DocumentResult = {
        _tag: "docs",
        text: yield* shown(contents()),
        json: { topics: manualTopics },
        actions: [{ command: "sessionr docs quickstart", description: "The first page" }]
      }
      return { result, exitCode: exitCodes.OK }
    }
    const found = manualTopics.find(({ topic }) => topic === typed.toLowerCase())
    if (found === undefined) {
      return yield* new TopicNotFound({
        message: `the manual has no page ${JSON.stringify(typed)}; it has ${names.join(", ")}`,
        suggestion: "sessionr docs",
        topic: typed,
        valid: names,
        did_you_mean: [...didYouMean(typed, names, synonyms)]
      })
    }
    const markdown = yield* manual.page(found.topic)
    const result: DocumentResult = {
      _tag: "topic",
      text: yield* shown(markdown),
      json: { topic: found.topic, title: found.title, markdown },
      actions: [{ command: "sessionr docs", description: "Every page of the manual" }]
    }
    return { result, exitCode: exitCodes.OK }
  })
})
