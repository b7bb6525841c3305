export type ThemeName = 'light' | 'dark';

/** Colours of one theme, as #rrggbb. Up and down differ in hue (teal, orange) and brightness, so colour-blind eyes tell them apart. */
export interface Theme {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly grid: string;
  readonly up: string;
  readonly down: string;
  readonly line: string;
  readonly soft: string;
  readonly entry: string;
  readonly stop: string;
  readonly target: string;
  readonly now: string;
  /** Text on a filled tag. */
  readonly onTag: string;
  readonly caution: string;
  readonly warning: string;
  readonly breach: string;
}

const LIGHT: Theme = {
  ground: '#ffffff',
  text: '#17202a',
  muted: '#55606e',
  grid: '#e3e7ec',
  up: '#12968a',
  down: '#e06c00',
  line: '#1f5fa8',
  soft: '#9aa5b4',
  entry: '#1f5fa8',
  stop: '#b43a00',
  target: '#0b6e64',
  now: '#39424e',
  onTag: '#ffffff',
  caution: '#c99700',
  warning: '#e06c00',
  breach: '#a3123a',
};

const DARK: Theme = {
  ground: '#10161d',
  text: '#edf1f5',
  muted: '#a3afbd',
  grid: '#26303b',
  up: '#2bb5a6',
  down: '#ff9a3d',
  line: '#6db0f5',
  soft: '#66727f',
  entry: '#6db0f5',
  stop: '#ff9a6b',
  target: '#5fd6c6',
  now: '#d5dce4',
  onTag: '#10161d',
  caution: '#e5c04a',
  warning: '#ff9a3d',
  breach: '#ff6f91',
};

export function themeOf(name: ThemeName): Theme {
  return name === 'dark' ? DARK : LIGHT;
}

/** The ground that the owner chose for pictures. */
export const groundOf = ({ pictures }: { readonly pictures?: ThemeName }): ThemeName =>
  pictures ?? 'light';

/** Inter is bundled; the others serve a QuickChart server that does not have it. */
export const FONT_FAMILY = 'Inter, "Noto Sans", "DejaVu Sans", sans-serif';

/** Sizes in pixels of a picture 600 wide: a phone shows it at 302, and 22 as 11. */
export const FONT_SIZE = { title: 26, subtitle: 22, label: 22 } as const;

/** Colour with an alpha of 0 to 1, as #rrggbbaa. */
export function withAlpha(color: string, alpha: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return `${color}${byte.toString(16).padStart(2, '0')}`;
}

export const CLEAR = '#0000';
