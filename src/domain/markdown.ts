/** What is done to Markdown that others wrote, before it becomes part of a document of ours. */
export interface MarkdownTools {
  /** As HTML without anything that could run or be fetched: no tags of the text's own, links to http, https, mailto. */
  readonly toHtml: (markdown: string) => string
  /**
   * As Markdown that stays within its place in a larger document: tags in it are text, and a code fence that it opens is
   * closed at its end.
   */
  readonly contain: (markdown: string) => string
}

/** UTF-16 units up to which a text is taken for Markdown; a longer one is somebody's data, and shown as it is. */
export const markdownLimit = 100_000
