let render = $state.raw<((source: string) => string) | null>(null);

// The reader of Markdown is a fifth of the program: cells are on the page before it.
void import('./prose.ts').then(({ renderProse }) => (render = renderProse));

/** Null until what renders it is there. */
export const proseOf = (source: string): string | null => render?.(source) ?? null;
