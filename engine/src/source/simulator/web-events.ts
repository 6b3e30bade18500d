import type { Template } from './template.ts';

const TYPES = [
  'page_view',
  'page_view',
  'page_view',
  'page_view',
  'click',
  'click',
  'add_to_cart',
  'purchase',
] as const;
const REFERRERS = ['google', 'instagram', 'direct', 'direct', 'email', 'whatsapp'] as const;
const DEVICES = ['mobile', 'mobile', 'mobile', 'desktop', 'tablet'] as const;

export const webEvents: Template = {
  columns: [
    { name: 'event_id', type: 'BIGINT', role: 'key' },
    { name: 'session_id', type: 'VARCHAR', role: 'key' },
    { name: 'user_id', type: 'BIGINT', role: 'other' },
    { name: 'event_type', type: 'VARCHAR', role: 'text' },
    { name: 'page', type: 'VARCHAR', role: 'text' },
    { name: 'referrer', type: 'VARCHAR', role: 'other' },
    { name: 'device', type: 'VARCHAR', role: 'other' },
    { name: 'duration_ms', type: 'BIGINT', role: 'number' },
    { name: 'event_time', type: 'TIMESTAMP', role: 'time' },
  ],
  row(index, timeMs, { random, pools, timeText }) {
    const session = Math.floor(index / 8) + random.between(0, 3);
    return [
      String(index + 1),
      `s${session.toString(36).padStart(7, '0')}`,
      random.next() < 0.4 ? '' : String(1 + (session % 1000)),
      random.pick(TYPES),
      `/${random.pick(pools.words)}`,
      random.pick(REFERRERS),
      random.pick(DEVICES),
      String(Math.floor(-Math.log(1 - random.next()) * 4000)),
      timeText(timeMs),
    ];
  },
};
