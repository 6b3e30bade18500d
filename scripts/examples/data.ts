import { agroData } from './agro.ts';
import { financeData } from './finance.ts';
import { salesData } from './sales.ts';

/** Files of the examples that are made by us, by their path below `examples`. The same every time. */
export function exampleData(): ReadonlyMap<string, Buffer> {
  return new Map([...agroData(), ...financeData(), ...salesData()]);
}
