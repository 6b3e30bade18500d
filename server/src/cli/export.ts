import type { Output } from './output.ts';
export function exportNotebooks(_args: readonly string[], _output: Output): Promise<number> {
  throw new Error('not here yet');
}
