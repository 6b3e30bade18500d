import type { DashboardInput } from '@datacraft/shared';
import { parseParam } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { choicesQuery, paramText, withChoices } from './url-params.ts';

const input = (name: string, spec: DashboardInput['spec']): DashboardInput => ({
  name,
  spec,
  options: null,
  value: null,
});
const inputs = [
  input('minimum', { type: 'number', default: 5 }),
  input('period', { type: 'daterange', default: ['2025-11-01', '2025-11-20'] }),
  input('states', { type: 'multiselect', default: [] }),
];
const url = new URL('https://example.com/d/abc?utm=mail&p.minimum=7');

describe('choices in the address', () => {
  it('hold only what was chosen, and leave the rest of the address alone', () => {
    const params = { minimum: 5, period: ['2025-10-01', '2025-10-31'], states: ['SP', 'RJ'] };
    expect(withChoices(url, inputs, params).search).toBe('?utm=mail&p.period=2025-10-01..2025-10-31&p.states=SP%2CRJ');
  });

  it('are gone when everything is as it was', () => {
    const params = { minimum: 5, period: ['2025-11-01', '2025-11-20'], states: [] };
    expect(withChoices(url, inputs, params).search).toBe('?utm=mail');
  });

  it('are read back as they were written', () => {
    for (const [type, value] of [
      ['number', 12.5],
      ['boolean', false],
      ['date', '2025-11-20'],
      ['daterange', ['2025-11-01', '2025-11-20']],
      ['multiselect', ['SP', 'RJ']],
      ['multiselect', []],
      ['text', 'São Paulo & co'],
    ] as const)
      expect(parseParam({ type }, paramText(type, value))).toEqual({ kind: 'value', value });
  });

  it('are all that data depends on', () => {
    expect(choicesQuery(url)).toBe('?p.minimum=7');
  });
});
