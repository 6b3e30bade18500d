import type { Prediction, Queryable, Scorer } from '@datacraft/engine';
import type { RolloutCounts } from '@datacraft/shared';
import { expect, it } from 'vitest';
import { Shadow } from './shadow.ts';

const rollout = { id: '7', version: 2, mode: 'shadow', percent: 100 } as const;

function aShadow(most: number, predict: (rows: readonly unknown[]) => Prediction[]) {
  const counted: Partial<Record<keyof RolloutCounts, number>> = {};
  const written: unknown[] = [];
  const scorer = { predict } as Scorer;
  const db: Queryable = {
    query: async (_, values) => {
      written.push(...(JSON.parse(String(values?.[0])) as unknown[]));
      return { rows: [], rowCount: 0 };
    },
  };
  const counter = {
    add: (_: string, counts: Partial<RolloutCounts>) => {
      for (const [name, value] of Object.entries(counts) as [keyof RolloutCounts, number][])
        counted[name] = (counted[name] ?? 0) + value;
    },
    failed: () => undefined,
  };
  const scorers = { open: async () => ({ version: 2, scorer }) };
  const shadow = new Shadow({ db, scorers, counter, log: { warn: () => undefined } }, most);
  const offer = (from: number, count: number) => {
    const rows = Array.from({ length: count }, (_, at) => ({
      key: `p${from + at}`,
      row: from + at,
      answer: { prediction: true },
    }));
    shadow.offer({ name: 'risk', rollout, known: new Set(), rows });
  };
  return { shadow, offer, counted, written };
}

it('W1 W2 drops what does not fit while it is busy, counts it, and goes on with what comes later', async () => {
  const { shadow, offer, counted, written } = aShadow(10, (rows) => rows.map(() => ({ prediction: true })));
  offer(0, 8);
  offer(8, 8);
  offer(16, 5);
  expect(counted).toEqual({ dropped: 11 });
  await shadow.idle();
  expect(counted).toMatchObject({ compared: 10, agreed: 10, errors: 0, dropped: 11 });
  offer(21, 3);
  await shadow.idle();
  expect(counted).toMatchObject({ compared: 13, dropped: 11 });
  expect(written).toHaveLength(13);
  expect(written[0]).toEqual({ key: 'p0', beside: { version: 2, answer: { prediction: true } } });
});

it('a row that the version cannot score is an error, and the others of its batch are compared', async () => {
  const { shadow, offer, counted } = aShadow(100, (rows) =>
    rows.map((row) => {
      if (row === 3) throw new Error('a category never seen');
      return { prediction: row !== 4 };
    }),
  );
  offer(0, 10);
  await shadow.idle();
  expect(counted).toMatchObject({ compared: 9, agreed: 8, errors: 1 });
});
