import { describe, expect, it } from 'vitest';
import { exportFields, missingIn, shownIn, withField, withType } from './export-fields.ts';

describe('a target of the form', () => {
  const spec = { type: 'kafka', connection: 'broker', topic: 'sales', headers: { by: 'shop' } } as const;

  it('keeps what the form does not show, and forgets what is emptied', () => {
    const keyed = withField(spec, 'key', 'id, line');
    expect(keyed).toEqual({ ...spec, key: ['id', 'line'] });
    expect(shownIn(keyed, 'key')).toBe('id, line');
    expect(withField(keyed, 'key', ' ')).toEqual(spec);
    expect(withField(spec, 'key', 'id')).toEqual({ ...spec, key: 'id' });
  });

  it('of another type keeps its connection where that has one', () => {
    expect(withType(spec, 'postgres')).toEqual({ type: 'postgres', connection: 'broker' });
    expect(withType(spec, 'http')).toEqual({ type: 'http' });
    expect(withField(withType(spec, 'http'), 'batch', '50')).toEqual({ type: 'http', batch: 50 });
    expect(exportFields.http.map(({ key }) => key)).not.toContain('connection');
  });

  it('is held back until what it cannot be sent without is said', () => {
    expect(missingIn(withType(spec, 'email'))).toEqual(['to']);
    const mailed = withField(withType(spec, 'email'), 'to', 'ana@example.com, rui@example.com');
    expect(missingIn(mailed)).toEqual([]);
    expect(mailed).toEqual({ type: 'email', connection: 'broker', to: ['ana@example.com', 'rui@example.com'] });
    expect(missingIn(withField(spec, 'topic', ''))).toEqual(['topic']);
    expect(missingIn(withType(spec, 'http'))).toEqual(['url']);
  });
});
