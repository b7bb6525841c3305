import type { FormattedString } from '@grammyjs/parse-mode';
import type { ResumePreview } from '../../app/halt/resume.ts';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';
import { modeLines } from './mode.ts';
import { limitLines } from './status.ts';

/** What /resume shows before it asks. */
export function resumeView(preview: ResumePreview, scene: Scene): FormattedString {
  const possible = preview.standing.length === 0;
  return linesOf([
    bold(possible ? 'Resume trading?' : 'Resuming is not possible as things are'),
    ...modeLines(preview.mode, { lifts: false }),
    ...(possible
      ? [
          'Nothing stands in the way. New signals would ask for your approval again; every limit stays.',
          ...(isClosing(preview) ? ['A closing that is not finished then stops.'] : []),
        ]
      : ['What stands in the way:', ...preview.standing.map((each) => `• ${each}`)]),
    ...(preview.needsRebase
      ? [
          'You can still resume if you measure the drawdown from today on: the high-water mark would be set to the equity of this moment, and the loss so far would no longer count.',
        ]
      : []),
    ...limitLines(preview.limits),
    footer(scene),
  ]);
}

const isClosing = ({ mode }: ResumePreview): boolean =>
  mode?.reasons.some(({ trigger }) => trigger === 'panic') ?? false;
