/** What this reader of Jinja cannot follow, at an offset of the template; caught where the template's file is known. */
export class JinjaProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What is nested so deeply that it cannot be walked is a problem like any other. */
export function walked<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) throw new JinjaProblem('nested too deeply to be read', 0);
    throw error;
  }
}
