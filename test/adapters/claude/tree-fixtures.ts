import type { KitFixture } from "../../support/adapter-kit.ts"
import { call, result, Script, text, usageOf } from "./records.ts"

export const fixture = (
  name: string,
  write: (script: Script) => Script,
  messages: KitFixture["messages"],
  skipped?: KitFixture["skipped"]
): KitFixture => ({
  name,
  records: (id) => write(new Script(id)).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

/** One per shape that the tree of a transcript can have. */
export const treeFixtures: ReadonlyArray<KitFixture> = [
  fixture(
    "everything before a compaction is still there",
    (s) =>
      s
        .user("one")
        .answer("m1", text("first"))
        .line(
          {
            type: "system",
            subtype: "compact_boundary",
            content: "Conversation compacted",
            logicalParentUuid: "u-2",
            compactMetadata: { trigger: "manual", preTokens: 1180 }
          },
          { parent: null }
        )
        .user("summary of it", { more: { isCompactSummary: true, isVisibleInTranscriptOnly: true } })
        .user("two"),
    [
      ["user", "one"],
      ["assistant", "first"],
      ["system", "Conversation compacted"],
      ["system", "summary of it"],
      ["user", "two"]
    ]
  ),
  fixture(
    "a compaction that kept the last lines",
    (s) =>
      s
        .user("one")
        .answer("m1", text("first"))
        .user("kept question")
        .answer("m2", text("kept answer"))
        .line(
          {
            type: "system",
            subtype: "compact_boundary",
            content: "Conversation compacted",
            logicalParentUuid: "u-4",
            compactMetadata: { preservedSegment: { headUuid: "u-3", anchorUuid: "u-6", tailUuid: "u-4" } }
          },
          { parent: null }
        )
        .user("summary", { more: { isCompactSummary: true } })
        .user("goes on from the kept answer", { parent: "u-4" }),
    [
      ["user", "one"],
      ["assistant", "first"],
      ["user", "kept question"],
      ["assistant", "kept answer"],
      ["system", "Conversation compacted"],
      ["system", "summary"],
      ["user", "goes on from the kept answer"]
    ]
  ),
  fixture(
    "results of parallel calls are all there",
    (s) =>
      s
        .user("both")
        .answer("m1", call("t1", "Read", { n: 1 }))
        .answer("m1", call("t2", "Read", { n: 2 }))
        .user([result("t1", "one")], { parent: "u-2" })
        .user([result("t2", "two")], { parent: "u-3" })
        .answer("m2", text("done")),
    [
      ["user", "both"],
      ["tool_use", 'Read {"n":1}'],
      ["tool_use", 'Read {"n":2}'],
      ["tool_result", "one"],
      ["tool_result", "two"],
      ["assistant", "done"]
    ]
  ),
  fixture(
    "an edited prompt and what followed it are on another branch",
    (s) =>
      s
        .user("hello")
        .answer("m1", text("hi"))
        .user("wrong")
        .answer("m2", text("wrong answer"))
        .at("u-2")
        .user("right")
        .answer("m3", text("right answer")),
    [
      ["user", "hello"],
      ["assistant", "hi"],
      ["user", "right"],
      ["assistant", "right answer"]
    ]
  ),
  fixture(
    "a call that was answered on two branches has one result on each",
    (s) =>
      s
        .user("run")
        .answer("m1", call("t1", "Bash", {}))
        .user([result("t1", "interrupted", true)])
        .user("never mind")
        .at("u-2")
        .user([result("t1", "fine")])
        .answer("m2", text("ran")),
    [
      ["user", "run"],
      ["tool_use", "Bash {}"],
      ["tool_result", "fine"],
      ["assistant", "ran"]
    ]
  ),
  fixture(
    "sidechains of version 1 are not the conversation",
    (s) =>
      s
        .user("explore")
        .answer("m1", call("t1", "Task", { description: "look", prompt: "find the config" }))
        .user("find the config", { parent: null, more: { isSidechain: true } })
        .answer("m2", text("found"), usageOf(1, 1), { more: { isSidechain: true } })
        .user([result("t1", "found")], { parent: "u-2" })
        .answer("m3", text("there it is")),
    [
      ["user", "explore"],
      ["tool_use", 'Task {"description":"look","prompt":"find the config"}'],
      ["tool_result", "found"],
      ["assistant", "there it is"]
    ]
  ),
  fixture(
    "a line that was written again says what it says last, where it stood first",
    (s) =>
      s
        .user("hello")
        .answer("m1", text("par"), usageOf(1, 1), { uuid: "a" })
        .answer("m1", text("partial no more"), usageOf(1, 3), { uuid: "a", parent: "u-1" })
        .user("thanks", { parent: "a" }),
    [
      ["user", "hello"],
      ["assistant", "partial no more"],
      ["user", "thanks"]
    ]
  ),
  fixture(
    "an answer that superseded another stands for it",
    (s) =>
      s
        .user("hello")
        .answer("m1", text("half an ans"), usageOf(1, 1), { more: { isAbortedMidStream: true } })
        .answer("m2", text("a whole answer"), usageOf(1, 3), { more: { supersedesUuids: ["u-2"] } }),
    [
      ["user", "hello"],
      ["assistant", "a whole answer"]
    ]
  ),
  fixture(
    "a lost line does not cut off what came before it",
    (s) => s.user("one").answer("m1", text("first")).user("two", { parent: "lost" }).answer("m2", text("second")),
    [
      ["user", "one"],
      ["assistant", "first"],
      ["user", "two"],
      ["assistant", "second"]
    ]
  )
]
