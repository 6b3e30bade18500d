import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export type ServerKind = 'datacraft' | 'hocuspocus' | 'y-websocket';

/** One of the servers under load, and what its process used. */
export interface LoadedServer {
  readonly kind: ServerKind;
  /** Where document `n` is spoken of, and what a socket says at its start. */
  address(n: number): { url: string; name: string; headers: Record<string, string> };
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

export async function startLoaded(kind: ServerKind): Promise<LoadedServer> {
  const script = kind === 'datacraft' ? './own-process.ts' : './peer-process.ts';
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [kind], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [started] = (await once(child, 'message')) as [{ port: number; cookie?: string; ids?: string[] }];
  const base = `ws://127.0.0.1:${started.port}`;
  return {
    kind,
    address(n) {
      const name = started.ids?.[n] ?? `bench-${n}`;
      const url = kind === 'datacraft' ? `${base}/sync/${name}` : `${base}/${name}`;
      return { url, name, headers: started.cookie === undefined ? {} : { cookie: started.cookie } };
    },
    async cpuMs() {
      const answer = once(child, 'message');
      child.send('cpu');
      const [{ cpu }] = (await answer) as [{ cpu: NodeJS.CpuUsage }];
      return (cpu.user + cpu.system) / 1_000;
    },
    async stop() {
      const exited = once(child, 'exit');
      if (kind === 'datacraft') child.send('stop');
      else child.disconnect();
      await exited;
    },
  };
}
