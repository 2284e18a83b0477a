/** A page of the manual: the file `docs/<topic>.md`, which begins with its title. */
export interface Topic {
  readonly topic: string
  readonly title: string
  readonly summary: string
}

/** The pages of the manual, in the order in which to read them. */
export const manualTopics: ReadonlyArray<Topic> = [
  { topic: "quickstart", title: "Quick start", summary: "the first five minutes" },
  { topic: "agents", title: "For agents and scripts", summary: "budget, cursors, exit codes, polling" },
  { topic: "reading", title: "Reading a session", summary: "messages, ranges, presets, what is cut" },
  { topic: "searching", title: "Finding and searching", summary: "list, search, totals and trees" },
  { topic: "handover", title: "Handing over", summary: "context for another agent, comparing two sessions" },
  { topic: "export", title: "Exporting", summary: "documents to share, and what is taken out of them" },
  { topic: "sending", title: "Sending", summary: "prompts into sessions, jobs, names and checkpoints" },
  { topic: "prune", title: "Pruning", summary: "old sessions to a trash, back from it, and out of it" },
  { topic: "sources", title: "Sources", summary: "for each tool: where its data is, what is read, what is not" },
  { topic: "output", title: "Output", summary: "formats, versions, schemas, terminals" },
  { topic: "errors", title: "Errors", summary: "the form of an error and every code" },
  { topic: "library", title: "The library", summary: "the same operations for TypeScript programs" },
  { topic: "state", title: "What we write", summary: "the cache, our own state, reading other homes" },
  { topic: "troubleshooting", title: "Troubleshooting", summary: "when something is missing, slow or different" }
]

/** The name under which the program's single binary carries a page. */
export const manualAsset = (topic: string): string => `manual-${topic}.md`
