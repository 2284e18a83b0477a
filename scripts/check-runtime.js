// Runs before the scripts of package.json, on whatever node finds them: plain JavaScript, no dependencies.
const [major] = process.versions.node.split(".").map(Number)
if (major < 26) {
  console.error(
    `sessionr is built and tested with Node 26, this is ${process.version}. ` +
      "It comes with the development dependencies, by an install script: run `npm ci` without --ignore-scripts or --omit=dev."
  )
  process.exit(1)
}
