import { neg } from '../../domain/money/money.ts';
import type { ClosedPosition } from '../../domain/position.ts';
import { signedUsd } from '../phrase.ts';

/** What a closed position brought, and that costs are missing in it where they are. */
export const resultText = ({ net, costsUnknown }: ClosedPosition): string =>
  costsUnknown === true ? `${signedUsd(net)} before costs that are unknown` : signedUsd(net);

/** Its result split into price, fees and funding, as far as the exchange says them. */
export const costsLine = ({ gross, fees, funding, costsUnknown }: ClosedPosition): string =>
  costsUnknown === true
    ? 'The exchange does not say all that it cost: the true result may be lower, and it is not counted as a gain.'
    : `Price ${signedUsd(gross)}, fees ${signedUsd(neg(fees))}, funding ${signedUsd(funding)}.`;
