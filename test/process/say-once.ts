/** Says one word by the second channel that is named, for a test that gives this process other certificates to trust. */
import { readSecondChannel } from '../../src/domain/process/second-channel.ts';
import { openChannel } from '../../src/process/second/channel.ts';

const to = readSecondChannel(process.argv[2] ?? '');
if (typeof to === 'string') throw new Error(to);
try {
  await openChannel(to).say({ number: 128, kind: 'unprotected', text: 'A position lacks a stop.' });
  console.log('taken');
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
}
