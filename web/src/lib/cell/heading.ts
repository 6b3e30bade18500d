/** The first line of a text, without its marks of a heading: what a cell of prose is called where it has to be named. */
export function headingOf(markdown: string): string {
  const [first = ''] = markdown.trim().split('\n');
  return first.replace(/^#+\s*/, '').slice(0, 60);
}
