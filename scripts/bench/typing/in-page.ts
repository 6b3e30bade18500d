/** What runs in the page while people type. As text, because it belongs to no module of ours there. */

export interface Heard {
  /** From the event's own time, waiting included, to the end of all it caused before the next task. */
  readonly keyMs: readonly number[];
  /** The part of it from when the page first hears of the key: what was waited for before is not in it. */
  readonly keyWorkMs: readonly number[];
  /** As `keyMs`, to the end of the frame that shows it. */
  readonly keyPaintMs: readonly number[];
  /** `[mark, characters of it in sight, when they were in the DOM, when that frame was painted]`, on the clock of the machine. */
  readonly seen: readonly (readonly [string, number, number, number])[];
  readonly longTasks: readonly number[];
}

export const watch = `(() => {
  const heard = { keyMs: [], keyWorkMs: [], keyPaintMs: [], seen: [], longTasks: [] };
  const lengths = new Map();
  let [keyAt, heardAt] = [0, 0];
  const soon = (work) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = work; port2.postMessage(null); };
  /** The editor hears of its own change, and components of theirs, in microtasks of the event's task. */
  const afterMicrotasks = async (work) => { for (let turn = 0; turn < 64; turn += 1) await null; work(); };
  window.addEventListener('keydown', (event) => { keyAt = event.timeStamp; heardAt = performance.now(); }, { capture: true });
  window.addEventListener('input', () => {
    const [at, since] = [keyAt, heardAt];
    afterMicrotasks(() => {
      heard.keyMs.push(performance.now() - at);
      heard.keyWorkMs.push(performance.now() - since);
    });
    requestAnimationFrame(() => soon(() => heard.keyPaintMs.push(performance.now() - at)));
  }, { capture: true });
  let waiting = [];
  new MutationObserver((changes) => {
    const at = performance.now();
    const lines = new Set();
    for (const { target } of changes) {
      const line = (target instanceof Element ? target : target.parentElement)?.closest('.cm-line');
      if (line) lines.add(line);
    }
    for (const line of lines) {
      const [, mark, typed] = /(\\w+)=([a-z]*)/.exec(line.textContent) ?? [];
      if (mark === undefined || typed.length <= (lengths.get(mark) ?? 0)) continue;
      lengths.set(mark, typed.length);
      if (waiting.length === 0) requestAnimationFrame(() => soon(() => {
        const painted = performance.timeOrigin + performance.now();
        for (const one of waiting) heard.seen.push([...one, painted]);
        waiting = [];
      }));
      waiting.push([mark, typed.length, performance.timeOrigin + at]);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) heard.longTasks.push(duration); }).observe({ type: 'longtask' });
  window.heard = heard;
})()`;

export const answer = 'window.heard';
/** Between two measurements of one page. What was typed stays typed. */
export const forget = 'for (const list of Object.values(window.heard)) list.length = 0';
