import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { renderEnvExample, renderReadme } from '../../scripts/readme.ts';

const read = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');

describe('the generated parts', () => {
  it('of README.md say what the code says', async () => {
    const text = await read('README.md');
    expect(renderReadme(text)).toBe(text);
  });

  it('of README.md name what is missing', () => {
    expect(() => renderReadme('no markers')).toThrow(
      'README.md lacks "<!-- generated: measured -->"',
    );
  });

  it('make up all of .env.example', async () => {
    expect(await read('.env.example')).toBe(renderEnvExample());
  });
});
