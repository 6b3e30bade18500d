import { describe, expect, it } from 'vitest';
import { boxHeight, boxWidth, layGraph } from './layout.ts';

describe('the graph on the page', () => {
  it('puts what is read left of what reads it, and no box over another', () => {
    const edges = [
      { from: 'raw', to: 'orders' },
      { from: 'orders', to: 'sales' },
      { from: 'raw', to: 'people' },
    ];
    const boxes = layGraph(['sales', 'people', 'orders', 'raw'], edges);
    const x = (id: string) => boxes.find((box) => box.id === id)?.x ?? Number.NaN;
    for (const { from, to } of edges) expect(x(from) + boxWidth).toBeLessThan(x(to));
    for (const a of boxes)
      for (const b of boxes)
        if (a !== b) expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight).toBe(true);
  });
});
