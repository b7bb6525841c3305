/** Permission between a process and the worker process that it started, over the channel that Node keeps between the two. */
import type { ChildProcess } from 'node:child_process';
import type { Permission } from '../app/ports/permission.ts';
import type { QuestionLine } from './ask-permission.ts';

interface Question {
  readonly permission: string;
}

interface Answer extends Question {
  readonly refusal?: string;
}

const isAbout = (message: unknown): message is Answer =>
  typeof message === 'object' && message !== null && 'permission' in message;

/** The parent's side: answers from what this process may give. */
export function answerWorker(child: ChildProcess, permission: Permission): void {
  child.on('message', (message: unknown) => {
    if (!isAbout(message)) return;
    void permission.refusal().then((refusal) => {
      const answer: Answer = {
        permission: message.permission,
        ...(refusal === undefined ? {} : { refusal }),
      };
      // A worker that is gone needs no answer: that it cannot be sent is no error.
      child.send(answer, () => undefined);
    });
  });
}

/** The worker's side: asks the process that started it. */
export const lineToParent: QuestionLine = {
  ask: (question) =>
    new Promise((resolve, reject) => {
      if (process.send === undefined) {
        reject(new Error('nobody has started this process'));
        return;
      }
      process.send({ permission: question } satisfies Question, (error: Error | null) =>
        error === null ? resolve() : reject(error),
      );
    }),
  onAnswer: (listener) =>
    process.on('message', (message: unknown) => {
      if (isAbout(message)) listener(message.permission, message.refusal);
    }),
};
