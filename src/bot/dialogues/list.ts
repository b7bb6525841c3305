import { approveDialogue } from './approve.ts';
import type { Dialogue } from './dialogue.ts';
import { flattenDialogue } from './flatten.ts';
import { limitDialogue } from './limit.ts';
import { manageDialogue } from './manage.ts';
import { policyDialogue } from './policy.ts';
import { protectDialogue } from './protect.ts';
import { resumeDialogue } from './resume.ts';
import { withdrawalDialogue } from './withdrawal.ts';

/** Every dialogue. To add one: its file, its name in names.ts, its line here. */
export const DIALOGUES: readonly Dialogue[] = [
  approveDialogue,
  flattenDialogue,
  resumeDialogue,
  limitDialogue,
  protectDialogue,
  manageDialogue,
  policyDialogue,
  withdrawalDialogue,
];
