import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { README_PARTS, renderEnvExample, renderReadme } from '../../scripts/readme.ts';

const read = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');

describe('the generated parts', () => {
  it.each(Object.keys(README_PARTS))('of %s say what the code says', async (file) => {
    const text = await read(file);
    expect(renderReadme(file, text)).toBe(text);
  });

  it('of README.md name what is missing', () => {
    expect(() => renderReadme('README.md', 'no markers')).toThrow(
      'README.md lacks "<!-- generated: commands -->"',
    );
  });

  it('make up all of .env.example', async () => {
    expect(await read('.env.example')).toBe(renderEnvExample());
  });
});
