import type { Output } from './output.ts';
export function importNotebooks(_args: readonly string[], _output: Output): Promise<number> {
  throw new Error('not here yet');
}
