import type { FormattedString } from '@grammyjs/parse-mode';
import { bold, linesOf } from './fit.ts';
import { footer, type Scene } from './footer.ts';

/** A command as /help and the command menu show it. */
export interface CommandLine {
  readonly name: string;
  readonly description: string;
}

export function helpView(
  title: string,
  commands: readonly CommandLine[],
  scene: Scene,
): FormattedString {
  return linesOf([
    bold(title),
    'I watch your BitUnix futures account, warn you, and order nothing that you have not confirmed.',
    ...commands.map((each) => `/${each.name} - ${each.description}`),
    'A message that is nothing but "stop" (or halt, стоп, alto, 停止 …) is /halt at once.',
    footer(scene),
  ]);
}
