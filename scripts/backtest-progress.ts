/** A bar on a terminal, nothing elsewhere: a file or a pipe gets no control characters. */
export function showProgress(what: string, done: number, total: number): void {
  if (!process.stderr.isTTY) return;
  const filled = Math.round((done / Math.max(1, total)) * 30);
  const bar = '#'.repeat(filled).padEnd(30, '.');
  process.stderr.write(
    `\r${what.padEnd(12)} [${bar}] ${done}/${total}${done === total ? '\n' : ''}`,
  );
}
