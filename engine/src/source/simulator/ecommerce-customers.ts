import { drawCpf } from './pools.ts';
import type { Template } from './template.ts';

const SEGMENTS = ['novo', 'recorrente', 'recorrente', 'vip', 'empresa'] as const;

export const customers: Template = {
  columns: [
    { name: 'customer_id', type: 'BIGINT', role: 'key' },
    { name: 'name', type: 'VARCHAR', role: 'text' },
    { name: 'email', type: 'VARCHAR', role: 'other' },
    { name: 'cpf', type: 'VARCHAR', role: 'other' },
    { name: 'phone', type: 'VARCHAR', role: 'other' },
    { name: 'city', type: 'VARCHAR', role: 'text' },
    { name: 'state', type: 'VARCHAR', role: 'other' },
    { name: 'segment', type: 'VARCHAR', role: 'other' },
    { name: 'created_at', type: 'TIMESTAMP', role: 'time' },
  ],
  row(index, timeMs, { random, pools, timeText }) {
    const [first, last] = [random.pick(pools.firstNames), random.pick(pools.lastNames)];
    const [city, state] = random.pick(pools.cities);
    const account = `${first}.${last}`
      .normalize('NFD')
      .replace(/[^A-Za-z.]/g, '')
      .toLowerCase();
    return [
      String(index + 1),
      `${first} ${last}`,
      `${account}${index + 1}@example.com`,
      drawCpf(random),
      `+55${random.between(11, 99)}9${random.between(10_000_000, 99_999_999)}`,
      city,
      state,
      random.pick(SEGMENTS),
      timeText(timeMs - 730 * 86_400_000),
    ];
  },
};
