/** Names of the dialogues, as they are stored while one is open. */
export const APPROVE = 'approve';
export const FLATTEN = 'flatten';
export const RESUME = 'resume';
export const LIMIT = 'limit';
export const PROTECT = 'protect';
export const MANAGE = 'manage';
export const POLICY = 'policy';
export const WITHDRAWAL = 'step';

/**
 * Raise it whenever the sequence of calls inside a dialogue changes: grammY replays a stored dialogue against the code, and an
 * old one must be dropped instead of swallowing messages.
 */
export const DIALOGUE_VERSION = 1;
