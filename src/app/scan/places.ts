import type { Place } from '../../domain/signal.ts';
import { SCANNED } from '../../signals/strategies/list.ts';
import type { Strategy } from '../../signals/strategy.ts';
import type { Ports } from '../ports/ports.ts';
import { isRealAccount } from '../ports/venue-mode.ts';

type Stored = Awaited<ReturnType<Ports['places']['read']>>;

/** With real money nothing is pushed before the owner has said so. */
const firstPlace = ({ place }: Strategy, venueMode: Ports['venueMode']): Place =>
  isRealAccount(venueMode) ? 'watch' : place;

/** Where each strategy that the scan asks stands. */
export function placesOf(
  stored: Stored,
  venueMode: Ports['venueMode'],
): ReadonlyMap<string, Place> {
  return new Map(
    SCANNED.map((each) => [each.name, stored.get(each.name)?.place ?? firstPlace(each, venueMode)]),
  );
}

/** `placesOf` what is stored. Where that cannot be read nothing is pushed: every strategy is watched. */
export async function readPlaces({
  places,
  venueMode,
}: Pick<Ports, 'places' | 'venueMode'>): Promise<ReadonlyMap<string, Place>> {
  try {
    return placesOf(await places.read(), venueMode);
  } catch {
    return new Map([...placesOf(new Map(), venueMode).keys()].map((name) => [name, 'watch']));
  }
}

/** Puts a strategy there from the next scan on. A text says why not. */
export async function putStrategy(
  { places, clock }: Pick<Ports, 'places' | 'clock'>,
  name: string,
  place: Place,
): Promise<string | undefined> {
  const strategy = SCANNED.find((each) => each.name === name);
  if (strategy === undefined) {
    const names = SCANNED.map((each) => each.name).join(', ');
    return `There is no strategy "${name.slice(0, 30)}". There are: ${names}.`;
  }
  if (place === 'clean' && strategy.isClean === undefined) {
    return `The signals of ${name} are neither clean nor capped; it can be pushed, watched or off.`;
  }
  await places.save(name, { place, by: 'owner', at: clock.now() });
  return undefined;
}
