/** What the console says of a pairing code. */
export const pairingLine = (code: string): string =>
  `To become the owner, send in the chat within 10 minutes: /start ${code}`;
