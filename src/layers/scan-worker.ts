import { workerData } from "node:worker_threads"
import { type ScanPlan, ScanShare } from "./scan-share.ts"

/** The code of a worker thread: does its share of a scan and ends. */
const steps = new ScanShare(workerData as ScanPlan).steps()
while (!steps.next().done);
