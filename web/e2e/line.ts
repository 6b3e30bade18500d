import type { BrowserContext } from '@playwright/test';

/** The sync socket of a browser, with scissors: cut, it cannot be opened again until mended. */
export async function cutableLine(context: BrowserContext) {
  let isCut = false;
  let isHolding = false;
  const held: (() => void)[] = [];
  const closers = new Set<() => void>();
  await context.routeWebSocket(/\/sync\//, (socket) => {
    if (isCut) return void socket.close({ code: 1001 });
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (isHolding) held.push(() => socket.send(message));
      else socket.send(message);
    });
    closers.add(() => {
      void socket.close({ code: 1001 });
      void server.close({ code: 1001 });
    });
  });
  return {
    cut() {
      isCut = true;
      for (const close of closers) close();
      closers.clear();
    },
    holdAnswers() {
      isHolding = true;
    },
    mend() {
      isCut = isHolding = false;
      for (const send of held.splice(0)) send();
    },
  };
}
