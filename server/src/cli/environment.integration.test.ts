import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ownDatacraft } from '../testing/own-datacraft.ts';

const own = ownDatacraft('environment');
const { datacraft } = own;

async function written(value: number): Promise<string> {
  const file = own.file('env.md');
  const cells = `\`\`\`sql env_a\nselect ${value} as a\n\`\`\`\n\n\`\`\`sql env_b\nselect a + 1 as b from env_a\n\`\`\`\n`;
  await writeFile(file, `---\ndatacraft: 1\ntitle: Env\n---\n\n${cells}`);
  return file;
}
const ran = async (...args: string[]) => {
  const { code, out, err } = await datacraft('run', await written(1), ...args);
  expect(code, err).toBe(0);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '').tasks.map(({ state }: { state: string }) => state) as string[];
};
const b = async (...args: string[]) => {
  const { code, out, err } = await datacraft('query', 'select b from silver.env_b', '--format', 'json', ...args);
  return code === 0 ? JSON.parse(out)[0].b : err;
};

describe('datacraft run --env', () => {
  it('writes names of the environment alone, which are listed, shown, promoted without a run, and dropped', async () => {
    const file = await written(1);
    expect((await datacraft('run', file)).code).toBe(0);
    await written(5);
    const first = await datacraft('run', file, '--env', 'dev', '--json');
    expect([first.code, JSON.parse(first.out.trim()).status]).toEqual([0, 'succeeded']);
    expect([await b(), await b('--env', 'dev')]).toEqual([2, 6]);
    const shown = JSON.parse((await datacraft('env', 'show', 'dev', '--json')).out);
    expect(shown.map(({ name }: { name: string }) => name)).toEqual(['silver.env_a', 'silver.env_b']);
    const done = await datacraft('promote', file, '--env', 'dev', '--json');
    expect(JSON.parse(done.out)).toEqual({ promoted: ['silver.env_a', 'silver.env_b'], left: [] });
    expect(await b()).toBe(6);
    const after = await datacraft('run', file, '--json');
    expect(JSON.parse(after.out.trim()).tasks.map(({ state }: { state: string }) => state)).toEqual([
      'skipped',
      'skipped',
    ]);
    expect((await datacraft('env', 'drop', 'dev')).code).toBe(0);
    expect(JSON.parse((await datacraft('env', 'list', '--json')).out)).toEqual([]);
    expect(await b('--env', 'dev')).toContain('there is no environment dev');
  });

  it('begins with what production has, and names what is no environment', async () => {
    await written(1);
    expect((await datacraft('run', own.file('env.md'))).code).toBe(0);
    expect(await ran('--env', 'same', '--json')).toEqual(['skipped', 'skipped']);
    expect(await b('--env', 'same')).toBe(2);
    const odd = await datacraft('run', own.file('env.md'), '--env', 'Dev 1');
    expect([odd.code, odd.err]).toEqual([64, expect.stringContaining('small letters')]);
    const absent = await datacraft('promote', own.file('env.md'), '--env', 'absent');
    expect(absent.err).toContain('there is no environment absent');
  });
});
