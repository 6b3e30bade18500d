import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ownDatacraft } from '../testing/own-datacraft.ts';

const own = ownDatacraft('audit');
const { datacraft } = own;

describe('datacraft audit', () => {
  it('exports what commands did as a chain that holds, in the database and in the file, and breaks with one letter', async () => {
    const file = own.file('a.md');
    await writeFile(file, '---\ndatacraft: 1\ntitle: Audited\n---\n\n```sql audited\nselect 1 as a\n```\n');
    for (let run = 0; run < 3; run += 1) expect((await datacraft('run', file)).code).toBe(0);
    const verified = await datacraft('audit', 'verify');
    const [, head = ''] = /^3 entries, the chain holds; its head is ([0-9a-f]{64})/.exec(verified.out) ?? [];
    expect([verified.code, head.length]).toEqual([0, 64]);
    const exported = await datacraft('audit', 'export');
    const entries = exported.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { action: string });
    expect(entries.map(({ action }) => action)).toEqual(['run-start', 'run-start', 'run-start']);
    const kept = own.file('audit.ndjson');
    await writeFile(kept, exported.out);
    expect(await datacraft('audit', 'verify', '--file', kept, '--head', head)).toMatchObject({ code: 0 });
    expect(await datacraft('audit', 'verify', '--head', 'f'.repeat(64))).toMatchObject({ code: 1 });
    await writeFile(kept, exported.out.replace('run-start', 'run-stopp'));
    const broken = await datacraft('audit', 'verify', '--file', kept);
    expect([broken.code, broken.out]).toEqual([1, expect.stringContaining('the chain breaks at entry 1')]);
    await own.database.pool.query('delete from audit_entries where seq = 2');
    expect((await datacraft('audit', 'verify')).code).toBe(1);
  });

  it('says how it is called', async () => {
    const wrong = await datacraft('audit', 'erase');
    expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining('audit takes verify')]);
  });
});
