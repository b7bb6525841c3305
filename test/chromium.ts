/** The browser for tests that look at a page; tests without one call `context.skip(NO_CHROMIUM)`. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export const NO_CHROMIUM =
  'no Chromium found: install it (Debian: apt-get install chromium) or set VIGIL_CHROMIUM to its path';

/**
 * What a page under test needs nothing of. First the panes that a window keeps ready below its address bar, each with pages of its own:
 * two thirds of what a new window costs. The others are Playwright's, whose list this one replaces.
 */
const FEATURES_OFF = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AimEnabled',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'Translate',
];

/** Flags that keep the browser quiet, alone and off the network. */
export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${FEATURES_OFF.join(',')}`,
];

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Path of a Chromium, from VIGIL_CHROMIUM or the PATH. */
export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const given = process.env['VIGIL_CHROMIUM'];
  const candidates = given === undefined || given === '' ? [...onPath, MAC] : [given];
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
