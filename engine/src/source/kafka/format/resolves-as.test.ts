import avro from 'avsc';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../model/random.ts';
import { avroProblems } from '../../../registry/avro-reading.ts';

type Random = () => number;
const pick = <Item>(random: Random, items: readonly Item[]): Item => {
  const found = items[Math.floor(random() * items.length)];
  if (found === undefined) throw new Error('nothing to pick from');
  return found;
};

function anyType(random: Random, depth: number, names: { count: number }): unknown {
  const kind =
    depth > 2
      ? 'primitive'
      : pick(random, ['primitive', 'primitive', 'primitive', 'union', 'array', 'map', 'enum', 'record']);
  if (kind === 'union') return ['null', pick(random, ['int', 'long', 'string'])];
  if (kind === 'array') return { type: 'array', items: anyType(random, depth + 1, names) };
  if (kind === 'map') return { type: 'map', values: anyType(random, depth + 1, names) };
  if (kind === 'enum')
    return { type: 'enum', name: `E${names.count++}`, symbols: ['A', 'B', 'C'].slice(0, 1 + Math.floor(random() * 3)) };
  if (kind === 'record') return anyRecord(random, depth + 1, names);
  return pick(random, ['boolean', 'int', 'long', 'float', 'double', 'string', 'bytes']);
}

function anyRecord(random: Random, depth: number, names: { count: number }): object {
  const name = `R${names.count++}`;
  const fields = ['a', 'b', 'c']
    .filter(() => random() < 0.7)
    .map((field) =>
      random() < 0.3
        ? { name: field, type: ['null', 'int'], default: null }
        : { name: field, type: anyType(random, depth, names) },
    );
  return { type: 'record', name, fields };
}

it('says of random schemas what reads what, as the library that reads them', () => {
  const seed = Date.now() % 1_000_000;
  console.log(`compatibility of Avro: seed ${seed}`);
  const random = seededRandom(seed);
  let fits = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const [reader, writer] = [anyRecord(random, 0, { count: 0 }), anyRecord(random, 0, { count: 0 })];
    const ours = avroProblems(JSON.stringify(reader), JSON.stringify(writer)).length === 0;
    expect({ reader, writer, ours }).toEqual({ reader, writer, ours: resolves(reader, writer) });
    if (ours) fits += 1;
  }
  expect(fits).toBeGreaterThan(50);
});

function resolves(reader: object, writer: object): boolean {
  const type = avro.Type.forSchema(writer as avro.Schema);
  try {
    avro.Type.forSchema(reader as avro.Schema).createResolver(type);
    return true;
  } catch {
    return false;
  }
}
