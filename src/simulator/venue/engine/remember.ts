/** Rows of one history that an account keeps. They are saved after every write, so that a year of them would slow each one down. */
export const ROWS_KEPT = 1_000;
/** Client ids that stay burnt. */
const IDS_KEPT = 10_000;

/** Adds a row to a history; the oldest one goes when there are more than are kept. */
export function remember<Row>(history: Row[], row: Row): void {
  history.push(row);
  if (history.length > ROWS_KEPT) history.shift();
}

/** Burns a client id. */
export function burn(ids: Map<string, string>, clientId: string, orderId: string): void {
  ids.set(clientId, orderId);
  if (ids.size <= IDS_KEPT) return;
  for (const oldest of ids.keys()) {
    ids.delete(oldest);
    return;
  }
}
