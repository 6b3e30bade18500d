/** A small fast generator (sfc32) with its own state: the same key gives the same numbers for ever. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

export function createRandom(key: string): Random {
  let [a, b, c, d] = [hash32(key, 1), hash32(key, 2), hash32(key, 3), hash32(key, 4)];
  const next = () => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 4294967296;
  };
  for (let turn = 0; turn < 12; turn++) next();
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick<Item>(items: readonly Item[]): Item {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new Error('unreachable: picked from nothing');
      return item;
    },
  };
}

/** FNV-1a with a seed. */
export function hash32(text: string, seed: number): number {
  let hash = 2166136261 ^ Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) | 0;
}
