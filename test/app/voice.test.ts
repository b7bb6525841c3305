import { describe, expect, it } from 'vitest';
import { ZONES } from '../../src/app/telling/change-telling.ts';
import { createVoice } from '../../src/app/telling/voice.ts';
import { wallTime, zoneNamed } from '../../src/app/telling/zone.ts';
import { MINUTE } from '../../src/domain/time.ts';
import { createFakeWorld, portsOf } from '../bot/fakes.ts';
import { finding } from '../alerts/fixtures.ts';

const BERLIN = { kinds: {}, zone: 'Europe/Berlin', quiet: { from: 22 * 60, to: 7 * 60 } };

/** Looks at a wall clock that the test sets. */
async function voiceIn(zone = BERLIN.zone) {
  const wall = { now: 0 };
  const world = createFakeWorld();
  world.loudness = { ...BERLIN, zone };
  const voice = createVoice(portsOf(world), () => wall.now);
  await voice.refresh();
  const at = (now: number): string => {
    wall.now = now;
    return voice.loudness(finding());
  };
  return { voice, wall, world, at };
}

describe('quiet hours in the zone of the owner', () => {
  it('begin and end at the minute', async () => {
    const { at } = await voiceIn();
    // Summer time: UTC+2.
    expect(at(Date.UTC(2025, 6, 1, 19, 59, 59))).toBe('silent');
    expect(at(Date.UTC(2025, 6, 1, 20))).toBe('held');
    expect(at(Date.UTC(2025, 6, 2, 4, 59, 59))).toBe('held');
    expect(at(Date.UTC(2025, 6, 2, 5))).toBe('silent');
  });

  it('move with summer time', async () => {
    const { at } = await voiceIn();
    const end = (from: number): number => {
      let now = from;
      while (at(now) === 'held') now += MINUTE;
      return now;
    };
    // On 26 October 2025 clocks go back at 01:00 UTC; on 29 March 2026 forward.
    expect(end(Date.UTC(2025, 9, 25, 1))).toBe(Date.UTC(2025, 9, 25, 5));
    expect(end(Date.UTC(2025, 9, 26, 0))).toBe(Date.UTC(2025, 9, 26, 6));
    expect(end(Date.UTC(2026, 2, 28, 1))).toBe(Date.UTC(2026, 2, 28, 6));
    expect(end(Date.UTC(2026, 2, 29, 0))).toBe(Date.UTC(2026, 2, 29, 5));
  });

  it('hold nothing back from somebody who wrote less than 15 minutes ago', async () => {
    const { voice, wall, at } = await voiceIn();
    const night = Date.UTC(2025, 6, 1, 23);
    wall.now = night;
    voice.heard();
    expect(at(night + 15 * MINUTE - 1)).toBe('silent');
    expect(at(night + 15 * MINUTE)).toBe('held');
  });

  it('go by UTC in a zone that this machine does not know', async () => {
    const { at } = await voiceIn('Mars/Olympus');
    expect(at(Date.UTC(2025, 6, 1, 21, 59))).toBe('silent');
    expect(at(Date.UTC(2025, 6, 1, 22))).toBe('held');
  });
});

it('a zone is known by its name however it is written', () => {
  expect(zoneNamed('europe/berlin')).toBe('Europe/Berlin');
  for (const zone of ['Asia/Kolkata', 'Asia/Kathmandu', 'Europe/Kyiv', 'Asia/Ho_Chi_Minh'])
    expect(zoneNamed(zone.toLowerCase())).toBe(zone);
  for (const zone of ZONES) expect(zoneNamed(zone)).toBe(zone);
  expect(zoneNamed('Atlantis')).toBeUndefined();
  expect(zoneNamed('')).toBeUndefined();
  expect(wallTime(Date.UTC(2025, 6, 1, 22, 30), 'Europe/Berlin')).toEqual({
    date: '2025-07-02',
    clock: '00:30:00',
    minute: 30,
  });
});
