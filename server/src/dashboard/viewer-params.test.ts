import type { InputSpec } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import type { ShownInput } from './viewer-params.ts';
import { paramsOfSearch, viewerParams } from './viewer-params.ts';

const input = (name: string, spec: InputSpec, options: ShownInput['options'] = null): ShownInput => ({
  name,
  spec,
  options,
});
const options = [
  { value: 'SP', label: 'São Paulo' },
  { value: 'RJ', label: 'Rio' },
];
const inputs = [
  input('minimum', { type: 'number', default: 5, min: 0, max: 100 }),
  input('state', { type: 'select', default: 'SP' }, options),
  input('states', { type: 'multiselect', default: [] }, options),
  input('period', { type: 'daterange', default: ['2025-11-01', 'today'] }),
  input('paid', { type: 'boolean', default: true }),
];
const search = (text: string) => viewerParams(inputs, paramsOfSearch(new URLSearchParams(text)), '2025-11-20');
const defaults = { minimum: 5, state: 'SP', states: [], period: ['2025-11-01', '2025-11-20'], paid: true };

describe('parameters of a viewer', () => {
  it('are the defaults where nothing was chosen, with today resolved', () => {
    expect(search('')).toEqual({ params: defaults, ignored: [] });
  });

  it('are read from the address by the type of the input', () => {
    expect(search('p.minimum=12.5&p.state=RJ&p.states=SP,RJ&p.period=2025-10-01..2025-10-31&p.paid=false')).toEqual({
      params: { minimum: 12.5, state: 'RJ', states: ['SP', 'RJ'], period: ['2025-10-01', '2025-10-31'], paid: false },
      ignored: [],
    });
  });

  it.each([
    ['p.minimum=many', 'minimum'],
    ['p.minimum=101', 'minimum'],
    ['p.state=XX', 'state'],
    ['p.states=SP,XX', 'states'],
    ['p.period=2025-12-01..2025-11-01', 'period'],
    ['p.paid=perhaps', 'paid'],
  ])('give way to the default, said, where the value does not fit: %s', (text, name) => {
    expect(search(text)).toEqual({ params: defaults, ignored: [{ input: name, reason: 'invalid' }] });
  });

  it('of an input that is not shown do not exist', () => {
    expect(search('p.tenant=other&minimum=3')).toEqual({
      params: defaults,
      ignored: [{ input: 'tenant', reason: 'unknown' }],
    });
  });

  it.each([
    ['p.states=&p.states=SP&p.states=RJ', { states: ['SP', 'RJ'] }],
    ['p.states=', { states: [] }],
    ['p.period=2025-10-01&p.period=2025-10-31', { period: ['2025-10-01', '2025-10-31'] }],
    ['p.period=&p.period=2025-10-31', { period: ['2025-10-31', '2025-10-31'] }],
    ['p.period=&p.period=', { period: null }],
    ['p.paid=false&p.paid=true', { paid: true }],
    ['p.paid=false', { paid: false }],
    ['p.minimum=7,5', { minimum: 7.5 }],
  ])('are read as a plain form sends them: %s', (text, chosen) => {
    expect(search(text)).toEqual({ params: { ...defaults, ...chosen }, ignored: [] });
  });

  it('takes an option with a comma in it from a form', () => {
    const shops = input('shop', { type: 'multiselect' }, [{ value: 'Rio, Centro', label: 'Rio, Centro' }]);
    const given = paramsOfSearch(new URLSearchParams('p.shop=&p.shop=Rio%2C+Centro'));
    expect(viewerParams([shops], given, '2025-11-20').params).toEqual({ shop: ['Rio, Centro'] });
  });

  it('keep the type of the option that a text spells', () => {
    const years = input('year', { type: 'select', options: [2024, 2025] }, [
      { value: 2024, label: '2024' },
      { value: 2025, label: '2025' },
    ]);
    expect(viewerParams([years], { year: '2025' }, '2025-11-20').params).toEqual({ year: 2025 });
  });
});
