import { formatClock } from '../../domain/time.ts';
import type { Ports } from '../ports/ports.ts';
import type { StoreLoss } from '../ports/store-loss.ts';
import { tighten } from './tighten.ts';

/** The store has lost what it had taken, at its end or under a running Vigil: entries wait for the owner, who hears what is gone. */
export async function storeLost(
  ports: Pick<Ports, 'mode' | 'work' | 'clock'>,
  loss: StoreLoss,
): Promise<void> {
  const reason = { trigger: 'store-emptied', evidence: evidenceOf(loss), at: loss.at };
  await tighten(ports, { kind: 'tighten', to: 'halted', reason });
  await ports.work.refreshAccount();
}

const WHAT: Record<StoreLoss['kind'], string> = {
  emptied: 'My memory (Redis) was emptied: all that I had stored is gone.',
  older: 'My memory (Redis) came back older than I knew it.',
  another: 'My memory (Redis) is another one than before.',
};

function evidenceOf({ kind, from, alerts }: StoreLoss): string {
  const gone = from === undefined ? [] : [`What I stored after ${formatClock(from)} UTC is gone.`];
  const told =
    alerts === undefined || kind === 'emptied'
      ? []
      : [
          alerts.from === alerts.to
            ? `Message #${alerts.to} was told and is not in it.`
            : `Messages #${alerts.from} to #${alerts.to} were told and are not in it.`,
        ];
  return [WHAT[kind], ...gone, ...told, 'Look at /positions and /limits before you resume.'].join(
    ' ',
  );
}
