import { afterAll, describe, expect, it } from 'vitest';
import { createTestPool } from '../testing/pool.ts';
import { failureOf } from './failure.ts';

const test = await createTestPool();
afterAll(() => test.stop());

describe('a fault of a statement', () => {
  it.each([
    ["select 'é😀', nope from range(2)", 'nope', 'Referenced column "nope" not found in FROM clause!'],
    ["select 'é😀' frm from from", 'from', 'syntax error at or near "from"'],
    ["select 'é😀' + lenght('a')", "lenght('a')", 'Scalar Function with name lenght does not exist!'],
    ["select 'é😀', 'x'::int", '::int', "Could not convert string 'x' to INT32"],
    ['select 1\nfrom nowhere', 'nowhere', 'Table with name nowhere does not exist!'],
  ])('stands where the mistake is: %s', async (sql, at, message) => {
    const fault = await test.faultOf(sql);
    expect(fault).toMatchObject({ code: 'query-failed', message });
    expect(sql.slice(Number(fault.facts.offset))).toMatch(new RegExp(`^${at.replace(/[()]/g, '\\$&')}`));
  });

  it('names what was perhaps meant', async () => {
    const fault = await test.faultOf('select amuont from (select 1 as amount)');
    expect(fault.facts.hint).toBe('did you mean amount?');
    expect(fault.message).not.toContain('amount"');
  });

  it('says no word of settings that cannot be changed', async () => {
    const fault = await test.faultOf(`select ${'1 + '.repeat(2000)} 1`);
    expect(fault.message).toBe('Max expression depth limit of 1000 exceeded.');
  });

  it('carries what SQL itself raises', async () => {
    expect(await test.faultOf("select error('boo')")).toMatchObject({ code: 'query-failed', message: 'boo' });
  });
});

describe('failureOf', () => {
  it('knows a full disk by its system code', () => {
    expect(failureOf(Object.assign(new Error('write failed'), { code: 'ENOSPC' }), '').code).toBe('disk-full');
    const io =
      '{"exception_type":"IO","exception_message":"Could not write file \\"/data/x\\": No space left on device"}';
    expect(failureOf(new Error(io), '').code).toBe('disk-full');
  });

  it('keeps server paths to itself', () => {
    const io =
      '{"exception_type":"IO","exception_message":"No files found that match the pattern \\"/srv/data/a b/x.csv\\""}';
    expect(failureOf(new Error(io), '').message).toBe('No files found that match the pattern "x.csv"');
  });

  it('reads errors that are not JSON', () => {
    expect(failureOf(new Error('INTERRUPT Error: Interrupted!'), '').code).toBe('cancelled');
    expect(failureOf(new Error('something else'), '')).toMatchObject({
      code: 'query-failed',
      message: 'something else',
    });
  });
});
