import type { SimulatorSource } from '@datacraft/shared';
import { calendar } from './calendar.ts';
import { customers } from './ecommerce-customers.ts';
import { orders } from './ecommerce-orders.ts';
import { products } from './ecommerce-products.ts';
import type { Pools } from './pools.ts';
import type { Random } from './random.ts';
import { sensorReadings } from './sensor-readings.ts';
import type { Settings } from './settings.ts';
import { webEvents } from './web-events.ts';

export interface RowContext {
  readonly random: Random;
  readonly pools: Pools;
  readonly settings: Settings;
  /** ISO text of an instant, without a zone. */
  timeText(ms: number): string;
}

export interface TemplateColumn {
  readonly name: string;
  readonly type: string;
  /** What dirt may do to it. */
  readonly role: 'key' | 'number' | 'text' | 'time' | 'other';
}

export interface Template {
  readonly columns: readonly TemplateColumn[];
  /** Values of row `index` in column order, as CSV text before quoting. `timeMs` is the event's time. */
  row(index: number, timeMs: number, context: RowContext): string[];
}

const templates: Readonly<Record<SimulatorSource['template'], Template>> = {
  ecommerce_orders: orders,
  ecommerce_customers: customers,
  ecommerce_products: products,
  sensor_readings: sensorReadings,
  calendar,
  web_events: webEvents,
};

export function templateOf(name: SimulatorSource['template']): Template {
  return templates[name];
}
