import { buildDemoHome } from "../../scripts/demo-home.ts"

/** Once for a run, before its tests: the databases of the demo home are built, not committed. */
export default (): void => {
  buildDemoHome()
}
