import type { Moment } from '../../alerts/pulse/judge.ts';

/** Both clocks of this machine. */
export const machineNow = (): Moment => ({ steady: performance.now(), wall: Date.now() });
