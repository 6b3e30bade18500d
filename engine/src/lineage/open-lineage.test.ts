import type { CellLineage } from '@datacraft/shared';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openLineageEvent, openLineageRun } from './open-lineage.ts';

/** What the specification 2-0-2 and the facets it names ask for, strictly. */
const facet = {
  _producer: z.url(),
  _schemaURL: z.string().regex(/^https:\/\/openlineage\.io\/spec\/facets\/\d-\d-\d\/\w+\.json#\/\$defs\/\w+$/),
};
const job = { namespace: z.string().min(1), name: z.string().min(1) };
const inputField = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  field: z.string(),
  transformations: z.array(
    z.strictObject({
      type: z.enum(['DIRECT', 'INDIRECT']),
      subtype: z.enum([
        'IDENTITY',
        'TRANSFORMATION',
        'AGGREGATION',
        'JOIN',
        'GROUP_BY',
        'FILTER',
        'SORT',
        'WINDOW',
        'CONDITIONAL',
      ]),
      description: z.string(),
      masking: z.boolean(),
    }),
  ),
});
const runEvent = z.strictObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.iso.datetime(),
  producer: z.url(),
  schemaURL: z.literal('https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent'),
  run: z.strictObject({
    runId: z.uuid(),
    facets: z.strictObject({
      parent: z
        .strictObject({ ...facet, run: z.strictObject({ runId: z.uuid() }), job: z.strictObject(job) })
        .optional(),
      errorMessage: z.strictObject({ ...facet, message: z.string(), programmingLanguage: z.string() }).optional(),
    }),
  }),
  job: z.strictObject({ ...job, facets: z.strictObject({}) }),
  inputs: z.array(z.strictObject(job)),
  outputs: z.array(
    z.strictObject({
      ...job,
      facets: z.strictObject({
        schema: z.strictObject({
          ...facet,
          fields: z.array(z.strictObject({ name: z.string(), type: z.string().optional() })),
        }),
        columnLineage: z.strictObject({
          ...facet,
          fields: z.record(z.string(), z.strictObject({ inputFields: z.array(inputField) })),
          dataset: z.array(inputField),
        }),
      }),
    }),
  ),
});

const cell: CellLineage = {
  cell: 'totals',
  kind: 'sql',
  relation: 'gold.totals',
  isPublished: true,
  columns: [
    {
      name: 'total',
      type: 'DOUBLE',
      from: [
        { table: 'silver.orders', column: 'amount', kind: 'direct', how: 'aggregate' },
        { table: 'silver.orders', column: 'amount', kind: 'condition', how: null },
        { table: '$rate', column: 'rate', kind: 'direct', how: 'transform' },
      ],
    },
    { name: 'one', type: null, from: [] },
  ],
  rows: (['filter', 'join', 'group', 'sort', 'window'] as const).map((kind) => ({
    table: 'silver.orders',
    column: kind,
    kind,
    how: null,
  })),
  gaps: [],
};
const facts = {
  producer: 'https://data.example.com',
  at: new Date('2026-01-02T03:04:05Z'),
  runId: 'run_1',
  notebook: 'Sales',
};

describe('OpenLineage events', () => {
  it.each(['START', 'COMPLETE', 'FAIL', 'ABORT'] as const)(
    'of a cell and of a run have the shape of the specification: %s',
    (type) => {
      const error = type === 'FAIL' ? { error: 'no such column' } : {};
      const ofCell = runEvent.parse(openLineageEvent({ ...facts, ...error, type, cell }));
      const ofRun = runEvent.parse(openLineageRun({ ...facts, ...error, type }));
      expect(ofCell.run.facets.parent?.run.runId).toBe(ofRun.run.runId);
      expect(ofCell.run.runId).not.toBe(ofRun.run.runId);
      expect(ofCell.run.facets.errorMessage?.message).toBe(type === 'FAIL' ? 'no such column' : undefined);
    },
  );

  it('give a column that is read twice once, with both ways, and no parameter of an input', () => {
    const [output] = runEvent.parse(openLineageEvent({ ...facts, type: 'COMPLETE', cell })).outputs;
    const read = output?.facets.columnLineage.fields['total']?.inputFields;
    expect(read).toMatchObject([
      {
        name: 'silver.orders',
        field: 'amount',
        transformations: [{ subtype: 'AGGREGATION' }, { subtype: 'CONDITIONAL' }],
      },
    ]);
    expect(output?.facets.columnLineage.dataset.map(({ field }) => field)).toEqual([
      'filter',
      'join',
      'group',
      'sort',
      'window',
    ]);
  });

  it('of a chart have inputs and no output', () => {
    const event = runEvent.parse(openLineageEvent({ ...facts, type: 'COMPLETE', cell: { ...cell, relation: null } }));
    expect([event.inputs.map(({ name }) => name), event.outputs]).toEqual([['silver.orders'], []]);
  });
});
