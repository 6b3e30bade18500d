import { cellNamePattern } from '@datacraft/shared';

/** `orders`, or `orders_2` when it is taken. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  const stem = base.replace(/_\d+$/, '');
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) {
    const name = `${stem}_${n}`;
    if (!taken.has(name)) return name;
  }
}

/** A cell's name out of a file's: `Pedidos 2025.csv` → `pedidos_2025`. */
export function nameOfFile(file: string): string {
  const plain = file
    .replace(/(\.\w+)+$/, '')
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  return cellNamePattern.test(plain) ? plain : 'source';
}
