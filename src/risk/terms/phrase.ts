import { formatDuration } from '../../domain/time.ts';

export { countText, percentText, numberText as priceText } from '../../domain/words/words.ts';

/** "60 s", "4 h 00 min". */
export const durationText = (ms: number): string => formatDuration(ms);
