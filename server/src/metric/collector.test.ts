import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { createCollector } from './collector.ts';
import { createMetrics } from './registry.ts';

describe('a scrape', () => {
  it('is answered without the database when that neither answers nor refuses', async () => {
    const hanging = { query: () => new Promise<never>(() => undefined) };
    const metrics = createMetrics();
    const collector = createCollector(hanging, metrics, pino({ level: 'silent' }), new Date(), 20);
    const families = await collector.collect(true);
    expect(families.at(-1)).toMatchObject({ name: 'datacraft_database_up' });
    expect(JSON.stringify(families.at(-1))).toContain('0');
    expect(families.length).toBeGreaterThan(1);
  });
});
