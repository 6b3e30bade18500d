/** Sizes of tiles in pixels, the same on the server and on the page, so that nothing moves when a chart takes over. */
import type { DashboardTile } from '@datacraft/shared';
import type { ChartPicture } from '#lib/chart/series.ts';

export type Screen = 'desktop' | 'phone';

export const ROW = 64;
export const GAP = 8;
const PAGE_WIDTH = 1312;
const PHONE_WIDTH = 312;
const DESKTOP_PADDING = 16;
const HEAD = 28;
const READOUT = 20;

type Place = Pick<DashboardTile, 'w' | 'h'>;

export function tileHeight({ h }: Place): number {
  return h * ROW + (h - 1) * GAP;
}

/** Room for what a tile holds, below its header. */
export function contentHeight(tile: Place, screen: Screen): number {
  return screen === 'phone'
    ? Math.min(280, Math.max(120, tileHeight(tile) - 96))
    : tileHeight(tile) - 2 * DESKTOP_PADDING - HEAD;
}

/** Of a plot: the content without the line for values. */
export function chartHeight(tile: Place, screen: Screen): number {
  return Math.max(48, contentHeight(tile, screen) - READOUT);
}

/** A guess, right on a full-size window: pictures scale to the width there is. */
export function tileWidth({ w }: Place, screen: Screen): number {
  if (screen === 'phone') return PHONE_WIDTH;
  const column = (PAGE_WIDTH - 11 * GAP) / 12;
  return Math.round(w * column + (w - 1) * GAP - 2 * DESKTOP_PADDING);
}

/** Charts with a plot; figures and tables are plain elements. */
export function isDrawn(spec: ChartPicture): boolean {
  return spec.type !== 'metric' && spec.type !== 'table' && spec.type !== 'pivot';
}
