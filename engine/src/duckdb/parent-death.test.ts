import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';

it('a child ends with its parent, even in the middle of a statement', async () => {
  const parent = fork(fileURLToPath(new URL('./testing/doomed-parent.ts', import.meta.url)), [], { execArgv: [] });
  const [children] = (await once(parent, 'message')) as [number[]];
  expect(children).toHaveLength(1);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]), { timeout: 15_000 });
});
