let render = $state.raw<((source: string) => string) | null>(null);

// The reader of Markdown is a fifth of the program: cells are on the page before it.
void import('./prose.ts').then(({ renderProse }) => (render = renderProse));

/** Null until what renders it is there. */
export const proseOf = (source: string): string | null => render?.(source) ?? null;

/** What is read of it, without its marks. */
export function readingOf(source: string): string | null {
  const html = proseOf(source);
  return html === null ? null : (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '');
}
