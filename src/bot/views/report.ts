import type { FormattedString } from '@grammyjs/parse-mode';
import type { Voice } from '../../app/telling/voice.ts';
import { REPORT_AT } from '../../app/report/send-report.ts';
import { reportLines, spanText } from '../../app/report/report-lines.ts';
import type { Report, Span } from '../../app/report/read-report.ts';
import { clockText } from './alerts.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

const TITLES: Readonly<Record<Span, string>> = {
  daily: 'Report of the last 24 hours',
  weekly: 'Report of the last 7 days',
  monthly: 'Report of the last 30 days',
};

type Settings = ReturnType<Voice['settings']>;

/** When the report comes by itself, in a sentence. */
export const reportHourText = ({ report = REPORT_AT, zone }: Settings): string =>
  report === 'off'
    ? 'The report does not come by itself. /daily 8:00 lets it come.'
    : `The report comes each day at ${clockText(report)} (${zone}). /daily off ends that.`;

/** /daily, /weekly, /monthly. */
export const reportView = (report: Report, settings: Settings, scene: Scene): FormattedString =>
  linesOf([
    bold(TITLES[report.span]),
    spanText(report),
    ...reportLines(report),
    ...(report.span === 'daily' ? [reportHourText(settings)] : []),
    footer(scene),
  ]);
