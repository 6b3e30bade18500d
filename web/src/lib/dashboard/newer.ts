import type { DashboardData } from '@datacraft/shared';

/** Tiles whose data is of another time. */
export function newer(shown: DashboardData, next: DashboardData): string[] {
  return Object.entries(next.tiles).flatMap(([id, tile]) => {
    const old = shown.tiles[id];
    if (tile.state !== 'ok') return [];
    return old?.state !== 'ok' || old.dataAt !== tile.dataAt || old.stale !== tile.stale ? [id] : [];
  });
}
