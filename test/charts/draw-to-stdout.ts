import { riskChart } from '../../src/bot/charts/risk-chart.ts';
import { createLocalRenderer } from '../../src/charts/local-renderer.ts';
import { riskData } from '../bot/charts/samples.ts';

/** Run as a process of its own, so that a test can hide the system's fonts from it. */
process.stdout.write(await createLocalRenderer().render(riskChart(riskData)));
