import { readReport, type Span } from '../../app/report/read-report.ts';
import { setTelling } from '../../app/telling/change-telling.ts';
import { barsPicture } from '../charts/bars-chart.ts';
import { reply } from '../reply.ts';
import { plain } from '../views/fit.ts';
import { sceneOf } from '../views/footer.ts';
import { reportHourText, reportView } from '../views/report.ts';
import type { Command, CommandCall } from './command.ts';
import { sendPicture } from './send-picture.ts';

/** The report of the day now; words after it set the hour at which it comes by itself. */
export const daily: Command = {
  name: 'daily',
  description: 'report of the day with a picture; /daily 7:30 or off sets its hour',
  access: 'owner',
  takes: 'any',
  when: 'any-time',
  alsoMeant: ['report', 'digest', 'summary', 'today'],
  handle: (call) => (call.words === '' ? show(call, 'daily') : setHour(call)),
};

export const weekly: Command = {
  name: 'weekly',
  description: 'report of 7 days with a picture by week',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  alsoMeant: ['week'],
  handle: (call) => show(call, 'weekly'),
};

export const monthly: Command = {
  name: 'monthly',
  description: 'report of 30 days with a picture by day',
  access: 'owner',
  takes: 'nothing',
  when: 'any-time',
  alsoMeant: ['month'],
  handle: (call) => show(call, 'monthly'),
};

async function setHour({ ctx, services, words }: CommandCall): Promise<void> {
  const { settings, refused } = await setTelling(services.ports, `report ${words}`);
  await reply(ctx, plain(refused ?? reportHourText(settings)));
}

async function show(call: CommandCall, span: Span): Promise<void> {
  const { ports } = call.services;
  const report = await readReport(ports, span);
  const settings = await ports.telling.settings();
  await reply(call.ctx, reportView(report, settings, sceneOf(ports)));
  const { result } = report;
  if (typeof result === 'string') return;
  sendPicture(call, 'results', (theme) => barsPicture(result.shown, theme));
}
