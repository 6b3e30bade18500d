import type { MarkState } from './state.ts';

/** Said once and gone: what succeeded, with a way back. Errors never come here; they stay by their cause. */
export interface Toast {
  id: number;
  text: string;
  mark: MarkState | null;
  action: { label: string; run: () => void } | null;
}

const visible = $state<Toast[]>([]);
let nextId = 1;

export function toasts(): readonly Toast[] {
  return visible;
}

export function dismiss(id: number): void {
  const index = visible.findIndex((toast) => toast.id === id);
  if (index >= 0) visible.splice(index, 1);
}

export function say(text: string, options: { mark?: MarkState; action?: Toast['action'] } = {}): void {
  const id = nextId++;
  visible.push({ id, text, mark: options.mark ?? null, action: options.action ?? null });
  if (visible.length > 3) visible.shift();
  setTimeout(() => dismiss(id), options.action ? 8000 : 4000);
}
