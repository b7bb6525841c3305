/** Preloaded into a program: its wall clock is off by as many seconds as the file that DRILL_CLOCK_FILE names says. */
import { readFileSync } from 'node:fs';

const file = process.env['DRILL_CLOCK_FILE'];
const RealDate = Date;
const LOOK_MS = 200;
let shift = 0;

function look() {
  try {
    shift = Number(readFileSync(file ?? '', 'utf8')) * 1_000 || 0;
  } catch {
    // The clock stays as it was.
  }
}

class ShiftedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...args);
  }

  static now() {
    return RealDate.now() + shift;
  }
}

if (file !== undefined) {
  look();
  setInterval(look, LOOK_MS).unref();
  globalThis.Date = ShiftedDate;
}
