/** Today's Vigil starts on what each released version had stored. */
import { afterAll, expect, test } from 'vitest';
import { loadEntries } from '../../src/store/dump.ts';
import { RELEASED, releasedStore } from '../store/released.ts';
import { cleanUp } from './demo-process.ts';
import { OWNER, textOf } from './owner.ts';
import { ALL_ROLES, openSeveral, says } from './several.ts';

afterAll(cleanUp);

const ACCOUNT = 'main';

test.each(RELEASED)(
  '$version: nothing counts as damaged, its owner is known and is answered',
  async ({ version }) => {
    const several = await openSeveral();
    const { phone } = several;
    try {
      await loadEntries(several.redis, ACCOUNT, await releasedStore(version));
      const program = several.start(ALL_ROLES);
      await says(program, 'Vigil keeps watch (watch).');
      await phone.hasRead();
      const texts = (await phone.heard()).map(textOf);
      expect(texts.filter((each) => /damaged|lost/.test(each))).toEqual([]);
      expect(program.output()).toContain(`Its owner is Telegram user ${OWNER}.`);
    } finally {
      await several.close();
    }
  },
);
