declare global {
  interface Window {
    /** Filled by static/theme.js from the first paint on: the last text typed in each named field. */
    __earlyEntries?: Record<string, string>;
  }
}

/** The text typed in a server-rendered field before the page woke up, once; null when there was none. */
export function takeEarlyEntry(field: string | undefined): string | null {
  const early = window.__earlyEntries;
  if (field === undefined || early === undefined || !Object.hasOwn(early, field)) return null;
  const text = early[field] ?? null;
  delete early[field];
  return text;
}
