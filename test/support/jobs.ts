import * as fs from "node:fs"
import * as nodePath from "node:path"
import type { JobRecord } from "../../src/domain/job.ts"

/** Writes the record of a job of before, and how it ended. */
export const writeJob = (
  stateDir: string,
  { jobId, ...change }: Partial<JobRecord> & Pick<JobRecord, "jobId">,
  exit: number | null
): void => {
  const record: JobRecord = {
    version: 1,
    jobId,
    source: "claude",
    kind: "resume",
    sessionId: "33df6d44-dd8f-4a44-b953-a787c477423d",
    previousSessionId: null,
    cwd: "/",
    bin: "/usr/bin/claude",
    args: ["-p"],
    supervisor: null,
    child: { pid: 4_000_000, startedAt: "0", bootId: "test" },
    startedAt: Date.parse("2026-11-20T11:00:00.000Z"),
    completedAt: null,
    messageCountBefore: 57,
    delivery: null,
    lastError: null,
    cancelled: false,
    readBack: { source: "claude", tokens: 8000, preset: "standard" },
    name: null,
    idempotencyKey: null,
    ...change
  }
  const directory = nodePath.join(stateDir, "jobs")
  fs.mkdirSync(directory, { recursive: true })
  fs.writeFileSync(nodePath.join(directory, `${jobId}.json`), JSON.stringify(record))
  if (exit !== null) fs.writeFileSync(nodePath.join(directory, `${jobId}.exit`), `${exit}\n`)
}
