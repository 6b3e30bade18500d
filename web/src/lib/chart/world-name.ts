/** The name under which the land is registered; apart from the land itself, which only what draws loads. */
export const WORLD = 'world';
