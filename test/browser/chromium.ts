import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/** Where a Chromium is on PATH; null where there is none. */
export const chromium: string | null =
  (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .flatMap((directory) => names.map((name) => path.join(directory, name)))
    .find((file) => fs.existsSync(file)) ?? null

/** Runs it on a page without a window, and gives back what it prints. */
const run = (file: string, flags: ReadonlyArray<string>): string => {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "sessionr-browser-"))
  try {
    const base = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${profile}`]
    const ran = spawnSync(chromium!, [...base, ...flags, `file://${file}`], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      timeout: 90_000
    })
    if (ran.status !== 0) throw new Error(`chromium ended with ${ran.status ?? ran.signal}: ${ran.stderr}`)
    return ran.stdout
  } finally {
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** The document after everything that wanted to run had two seconds for it. */
export const domOf = (file: string, flags: ReadonlyArray<string> = []): string =>
  run(file, [...flags, "--virtual-time-budget=2000", "--dump-dom"])

export interface Shot {
  readonly width: number
  readonly height: number
  readonly dark?: boolean
}

/** Takes a picture of the top of a page. */
export const screenshot = (file: string, picture: string, { dark = false, height, width }: Shot): void => {
  // 0 is the number of dark in Chromium's own list.
  const scheme = dark ? ["--blink-settings=preferredColorScheme=0"] : []
  run(file, [...scheme, `--window-size=${width},${height}`, `--screenshot=${picture}`])
}
