import type { Template } from './template.ts';

const SITES = ['Santos', 'Campinas', 'Manaus', 'Recife', 'Curitiba'] as const;
const SENSORS = 25;
const DAY_MS = 86_400_000;

export const sensorReadings: Template = {
  columns: [
    { name: 'reading_id', type: 'BIGINT', role: 'key' },
    { name: 'sensor_id', type: 'VARCHAR', role: 'key' },
    { name: 'site', type: 'VARCHAR', role: 'text' },
    { name: 'temperature', type: 'DOUBLE', role: 'number' },
    { name: 'humidity', type: 'DOUBLE', role: 'number' },
    { name: 'battery', type: 'DOUBLE', role: 'other' },
    { name: 'event_time', type: 'TIMESTAMP', role: 'time' },
  ],
  row(index, timeMs, { random, timeText }) {
    const sensor = index % SENSORS;
    const site = SITES[sensor % SITES.length] ?? 'Santos';
    const phase = Math.sin(((timeMs % DAY_MS) / DAY_MS - 0.35) * 2 * Math.PI);
    return [
      String(index + 1),
      `S${String(sensor + 1).padStart(3, '0')}`,
      site,
      (22 + (sensor % 7) + 6 * phase + random.next() * 2).toFixed(2),
      (65 - 12 * phase + random.next() * 6).toFixed(1),
      (100 - ((index / SENSORS) % 1000) / 12).toFixed(1),
      timeText(timeMs),
    ];
  },
};
