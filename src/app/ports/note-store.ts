/** What the owner wrote about closed positions. */
export interface NoteStore {
  /** By the position's id. Rejects with StoreUnreadable when one is damaged. */
  all(): Promise<ReadonlyMap<string, string>>;
  save(positionId: string, text: string): Promise<void>;
  drop(positionId: string): Promise<void>;
}
