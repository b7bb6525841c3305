/** A process that asks its parent for permission when it is told to, and says what it heard. */
import { askOver } from '../../src/process/ask-permission.ts';
import { lineToParent } from '../../src/process/worker-permission.ts';

const permission = askOver(lineToParent);
process.on('message', (message) => {
  if (message !== 'ask') return;
  void permission.refusal().then((refusal) => process.send?.({ heard: refusal ?? 'granted' }));
});
process.on('disconnect', () => process.exit());
