/** Asks another process for permission, over whatever line there is between the two. */
import { randomUUID } from 'node:crypto';
import { ANSWER_MS, UNHEARD, type Permission } from '../app/ports/permission.ts';

export interface QuestionLine {
  /** Rejects when the question cannot be sent. */
  ask(question: string): Promise<void>;
  onAnswer(listener: (question: string, refusal: string | undefined) => void): void;
}

/** Each question has an id of its own: a late answer, or one to another question, permits nothing. */
export function askOver(line: QuestionLine): Permission {
  const waiting = new Map<string, (refusal: string | undefined) => void>();
  line.onAnswer((question, refusal) => waiting.get(question)?.(refusal));
  return {
    refusal: async () => {
      const question = randomUUID();
      const age = ageFromNow();
      let timer: NodeJS.Timeout | undefined;
      const refusal = await new Promise<string | undefined>((resolve) => {
        waiting.set(question, resolve);
        timer = setTimeout(() => resolve(UNHEARD), ANSWER_MS);
        line.ask(question).catch(() => resolve(UNHEARD));
      });
      clearTimeout(timer);
      waiting.delete(question);
      // A process that was frozen finds an answer that has waited for it as long.
      return age() < ANSWER_MS ? refusal : UNHEARD;
    },
  };
}

/**
 * Wall milliseconds since this call, as the clock says that shows more: the steady one stands still while the machine sleeps, and the
 * other one can be set back.
 */
export function ageFromNow(): () => number {
  const steady = performance.now();
  const wall = Date.now();
  return () => Math.max(performance.now() - steady, Date.now() - wall);
}
