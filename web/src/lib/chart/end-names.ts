import type { ECharts } from 'echarts/core';

/** Of a name at the end of a line. */
const LINE_HEIGHT = 14;

interface EndedSeries {
  readonly endLabel?: { readonly show?: boolean };
  readonly data?: readonly (readonly unknown[])[];
}

/**
 * Moves names at the ends of lines apart where they would cover each other, into the picture, and beside it where a line
 * ends within: ECharts lays all labels out but these.
 */
export function partEndNames(chart: ECharts): void {
  const series = (chart.getOption()['series'] ?? []) as readonly EndedSeries[];
  const ends = series.flatMap(({ endLabel, data }, seriesIndex) => {
    const last = endLabel?.show === true ? data?.findLast((point) => typeof point[1] === 'number') : undefined;
    const place = last && chart.convertToPixel({ seriesIndex }, [...last] as number[]);
    return Array.isArray(place) ? [{ seriesIndex, x: place[0] ?? 0, y: place[1] ?? 0 }] : [];
  });
  const edge = Math.max(...ends.map(({ x }) => x));
  const parted = partedBy(
    LINE_HEIGHT,
    ends.map(({ y }) => y),
    { from: LINE_HEIGHT / 2, to: chart.getHeight() - LINE_HEIGHT / 2 },
  );
  // Setting an option anew ends the drawing in of lines: not where all have room.
  if (ends.every(({ x, y }, at) => parted[at] === y && x === edge)) return;
  const offsets = new Map(ends.map(({ seriesIndex, x, y }, at) => [seriesIndex, [edge - x, (parted[at] ?? y) - y]]));
  chart.setOption({ series: series.map((_, at) => ({ endLabel: { offset: offsets.get(at) ?? [0, 0] } })) });
}

interface Block {
  readonly members: readonly number[];
  /** Sum of where the first one would stand for each member to stand where it wants. */
  readonly wanted: number;
}

/** Places at least so far apart, in the order they had, and as near to where they were as all of them can be within. */
export function partedBy(
  gap: number,
  places: readonly number[],
  { from, to } = { from: -Infinity, to: Infinity },
): number[] {
  const blocks: Block[] = [];
  const startOf = ({ members, wanted }: Block) =>
    Math.max(from, Math.min(wanted / members.length, to - (members.length - 1) * gap));
  for (const place of [...places.keys()].sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0))) {
    let block: Block = { members: [place], wanted: places[place] ?? 0 };
    for (let before = blocks.at(-1); before !== undefined; before = blocks.at(-1)) {
      const room = before.members.length * gap;
      if (startOf(before) + room <= startOf(block)) break;
      block = {
        members: [...before.members, ...block.members],
        wanted: before.wanted + block.wanted - block.members.length * room,
      };
      blocks.pop();
    }
    blocks.push(block);
  }
  const parted = [...places];
  for (const block of blocks)
    for (const [at, place] of block.members.entries()) parted[place] = startOf(block) + at * gap;
  return parted;
}
