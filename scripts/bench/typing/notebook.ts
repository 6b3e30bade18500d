/** Who types where. Each person has a line of their own: a name with what they typed so far as a text. */
export const CELLS = 250;
export const PEOPLE = 50;
/** So many of them write in the cells that are on the screen; the others all over the notebook. */
export const IN_SIGHT = 10;
const CELLS_IN_SIGHT = 3;
/** The measured person's own line, in the first cell. */
export const OWN = 'me';

export function markOf(person: number): string {
  return `w${String(person).padStart(2, '0')}`;
}

export function cellNameOf(person: number): string {
  return `c${person < IN_SIGHT ? person % CELLS_IN_SIGHT : CELLS_IN_SIGHT + ((person * 7) % (CELLS - CELLS_IN_SIGHT))}`;
}

/** Ten cells read one: an edit there makes the others stale, as in a notebook that is worked on. */
export function typingNotebook(): string {
  const people = Array.from({ length: PEOPLE }, (_, person) => person);
  const cells = Array.from({ length: CELLS }, (_, cell) => {
    const marks = people.filter((person) => cellNameOf(person) === `c${cell}`).map(markOf);
    const lines = [...(cell === 0 ? [OWN] : []), ...marks].map((mark) => `  '${mark}=' as ${mark},`);
    const from = cell % 10 === 0 ? 'range(1000) r(i)' : `c${cell - (cell % 10)}`;
    const sql = ['select', ...lines, `  i + ${cell} as i`, `from ${from}`].join('\n');
    return `\`\`\`sql c${cell}\n---\nmaterialize: ephemeral\n---\n${sql}\n\`\`\`\n`;
  });
  return [`---\ndatacraft: 1\ntitle: typing\n---\n`, ...cells].join('\n');
}
