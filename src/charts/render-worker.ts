import { parentPort } from 'node:worker_threads';
import { createLocalRenderer } from './local-renderer.ts';
import type { RenderJob, RenderOutcome } from './threaded-renderer.ts';

/** Thread of the threaded renderer: draws what it is sent, one picture after the other. */
const renderer = createLocalRenderer();

async function outcomeOf(job: RenderJob): Promise<RenderOutcome> {
  try {
    return { id: job.id, png: await renderer.render(job.config, job.size) };
  } catch (error) {
    return { id: job.id, error: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (job: RenderJob) => {
  void outcomeOf(job).then((outcome) => parentPort?.postMessage(outcome));
});
