import type { RunningProgram } from './datacraft.ts';
import { startProgram } from './datacraft.ts';

export interface Served {
  readonly program: RunningProgram;
  readonly url: string;
}

/** `datacraft start` on a free port, as soon as it says that it is ready. */
export async function serve(env: Record<string, string>): Promise<Served> {
  const program = startProgram(['start', '--port', '0'], env);
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    program.child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ready at (http:\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void program.outcome.then((outcome) => reject(new Error(`the server did not start: ${outcome.err}`)));
  });
  return { program, url };
}
