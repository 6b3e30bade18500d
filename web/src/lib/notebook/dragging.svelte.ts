import type { CellId } from '@datacraft/shared';

const type = 'application/x-datacraft-cell';

/** The cell in the hand, if any: drop targets light up for it and for nothing else. */
class Dragging {
  id = $state<CellId | null>(null);

  begin(event: DragEvent, id: CellId): void {
    event.dataTransfer?.setData(type, id);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
    this.id = id;
  }
  end(): void {
    this.id = null;
  }
}

export const dragging = new Dragging();
