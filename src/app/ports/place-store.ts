import type { PlaceChange } from '../../domain/signal.ts';

/** Where strategies were put, by name; one that is not in it stands where it begins. */
export interface PlaceStore {
  /** Rejects with StoreUnreadable when it is damaged. */
  read(): Promise<ReadonlyMap<string, PlaceChange>>;
  save(strategy: string, change: PlaceChange): Promise<void>;
}
