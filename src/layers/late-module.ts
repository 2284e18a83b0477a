/** A file beside a module, named by its source: built, both are JavaScript. */
export const besideSource = (url: URL, source: string): URL =>
  source.endsWith(".ts") ? url : new URL(url.href.replace(/\.ts$/, ".js"))

/**
 * A module that most runs do not need, loaded when one does: in the program's single binary it is an asset of its own
 * (`scripts/compile.ts` bundles it), else a file beside this one. So a start costs nothing for it.
 */
export const loadLateModule = async <M>(name: string, url: () => URL): Promise<M> => {
  const sea = process.getBuiltinModule("node:sea")
  if (sea?.isSea() !== true) {
    const { href } = besideSource(url(), import.meta.url)
    return (await import(/* @vite-ignore */ href)) as M
  }
  const { compileFunction } = process.getBuiltinModule("node:vm")
  const code = sea.getAsset(`${name}.js`, "utf8")
  const run = compileFunction(code, ["exports", "require", "module"], { filename: `${name}.js` })
  const module = { exports: {} }
  const require = (id: string): unknown => process.getBuiltinModule(id)
  run.call(module.exports, module.exports, require, module)
  return module.exports as M
}
