import { riskChart } from '../../src/charts/charts/risk-chart.ts';
import { createLocalRenderer } from '../../src/charts/render/local-renderer.ts';
import { riskData } from './samples.ts';

/** Run as a process of its own, so that a test can hide the system's fonts from it. */
process.stdout.write(await createLocalRenderer().render(riskChart(riskData)));
