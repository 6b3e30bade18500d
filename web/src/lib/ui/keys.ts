const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const mac: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵', Backspace: '⌫', Up: '↑', Down: '↓' };
const other: Record<string, string> = { Mod: 'Ctrl', Enter: '↵', Backspace: '⌫', Up: '↑', Down: '↓' };

/** `Mod-Shift-Enter` as the person's keyboard writes it: `⇧⌘↵`, or `Ctrl Shift ↵`. */
export function keyLabel(keys: string): string {
  const parts = keys.split('-').map((part) => (isMac ? mac[part] : other[part]) ?? part);
  return parts.join(isMac ? '' : ' ');
}

/** Whether the platform's command key is down. */
export function isMod(event: KeyboardEvent): boolean {
  return isMac ? event.metaKey : event.ctrlKey;
}

/** Whether typing goes into a field or an editor, so that single-letter keys must stay out of the way. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}
