import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Tool } from '../services/service.ts';

/** A peer in Python, in a process of its own that stays: its start and imports are in no time. A line asked is a line answered. */
export interface PythonPeer {
  ask(asked: string): Promise<unknown>;
  stop(): void;
}

/** `script` stands beside this file; the tool's own Python runs it. */
export async function startPythonPeer(tool: Tool, script: string): Promise<PythonPeer> {
  await tool.install();
  const program = join(tool.exports()[`${tool.name.toUpperCase()}_BIN`] ?? '', 'python');
  const child = spawn(program, [join(import.meta.dirname, script)], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async ask(asked) {
      child.stdin.write(`${asked}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${tool.name} ended before it answered`);
      return JSON.parse(value);
    },
    stop: () => void child.kill(),
  };
}
