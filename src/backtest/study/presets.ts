import { DAY, type Timestamp } from '../../domain/time.ts';

/** A ready-made run: exactly these symbols, the newest days of the data, this much money. */
export interface Preset {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly days: number;
  /** USDT. */
  readonly equity: number;
}

export const PRESETS: readonly Preset[] = [
  {
    name: 'conservative',
    symbols: ['BTCUSDT', 'ETHUSDT', 'UNIUSDT', 'AAVEUSDT'],
    days: 30,
    equity: 1000,
  },
  {
    name: 'meme',
    symbols: ['DOGEUSDT', '1000SHIBUSDT', '1000PEPEUSDT', '1000FLOKIUSDT'],
    days: 14,
    equity: 500,
  },
  {
    name: 'diversified',
    symbols: ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'DOGEUSDT', 'UNIUSDT', 'POLUSDT', 'MANAUSDT'],
    days: 21,
    equity: 2000,
  },
  { name: 'quick', symbols: ['BTCUSDT', 'ETHUSDT', 'MANAUSDT'], days: 7, equity: 500 },
];

/** When a preset's run begins, given the end of the data. */
export const presetStart = (preset: Preset, end: Timestamp): Timestamp => end - preset.days * DAY;
