import type { Prediction, Scorer } from '@datacraft/engine';
import { expect, it } from 'vitest';
import { chosenRows, scoredBy, spokenOf } from './canary.ts';

const half = { percent: 50 };
const byPerson = [{ relation: 'gold.people', entity: ['person_id'], features: ['score'], ttl: null }];
const aScorer = (predict: (rows: readonly unknown[]) => Prediction[]) =>
  ({ lookups: [], predict }) as unknown as Scorer;

it('the entity decides, whatever else is sent of it', () => {
  const rows = (day: number) => Array.from({ length: 200 }, (_, at) => ({ day, person_id: at }));
  const monday = chosenRows('comes', { lookups: byPerson }, half, rows(1));
  expect(monday.length).toBeGreaterThan(60);
  expect(monday.length).toBeLessThan(140);
  expect(chosenRows('comes', { lookups: byPerson }, half, rows(2))).toEqual(monday);
  expect(chosenRows('comes', { lookups: [] }, half, rows(2))).not.toEqual(monday);
});

it('without an entity all that is sent decides, in whatever order its fields are', () => {
  const rows = Array.from({ length: 200 }, (_, at) => ({ income: at, age: at % 7 }));
  const turned = rows.map(({ income, age }) => ({ age, income }));
  expect(chosenRows('risk', { lookups: [] }, half, turned)).toEqual(chosenRows('risk', { lookups: [] }, half, rows));
});

it('the champion answers all when the canary cannot be opened', async () => {
  const broken = { open: () => Promise.reject(new Error('a model file of version 9 cannot be read')) };
  const scorer = aScorer((rows) => rows.map(() => ({ prediction: 'champion' })));
  const rollout = { id: '1', version: 2, mode: 'canary', percent: 100 } as const;
  const rows = [{ a: 1 }, { a: 2 }];
  const failures: unknown[] = [];
  const standing = { version: 1, scorer, rollout };
  const spoken = await spokenOf(broken, 'risk', standing, { given: rows, rows }, (error) => failures.push(error));
  expect(failures).toEqual([new Error('a model file of version 9 cannot be read')]);
  expect(spoken).toEqual(rows.map(() => ({ version: 1, answer: { prediction: 'champion' }, beside: null })));
});

it('a row that cannot be scored is alone in that, in a batch of any size', async () => {
  const scorer = aScorer((rows) => {
    if (rows.includes(333)) throw new Error('a category never seen');
    return rows.map((row) => ({ prediction: row as number }));
  });
  const rows = Array.from({ length: 450 }, (_, at) => at);
  const said = await scoredBy({ open: async () => ({ version: 2, scorer }) }, 'risk', 2, rows, () => {});
  expect(said.map((each) => each?.['prediction'] ?? null)).toEqual(rows.map((row) => (row === 333 ? null : row)));
});
