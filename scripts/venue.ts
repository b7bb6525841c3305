/** `npm run venue -- [options]`: the simulated exchange alone, for any client that speaks BitUnix's futures API. */
import { messageOf } from '../src/app/reading/reading.ts';
import { runCommand, type ValuesOf } from '../src/process/options.ts';
import { startVenue } from '../src/simulator/venue/venue.ts';
import { venueOf, VENUE_COMMAND } from './venue/venue-arguments.ts';

async function main(values: ValuesOf<typeof VENUE_COMMAND>): Promise<number> {
  const options = venueOf(values);
  const venue = await startVenue(options);
  const [account] = options.accounts;
  console.log(`REST         ${venue.url}
public       ${venue.wsPublicUrl}
private      ${venue.wsPrivateUrl}
control      ${venue.controlUrl}/sim/state
api key      ${account?.apiKey}
secret key   ${account?.secretKey}
account      ${account?.balance} USDT, ${account?.positionMode}
venue time   ${new Date(venue.now()).toISOString()}, ${venue.speed} seconds a second
Ctrl-C ends it.`);
  const stop = (): void => {
    venue.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  return 0;
}

try {
  process.exitCode = await runCommand(VENUE_COMMAND, main);
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(
    taken
      ? `${messageOf(error)}. Another program has that port: choose others with --port and --control-port.`
      : messageOf(error),
  );
  process.exit(1);
}
