/** What runs in the page to measure frames. As text, because it belongs to no module of ours there. */

export type Motion = 'down' | 'right' | 'jumps';
export const motions: readonly Motion[] = ['down', 'right', 'jumps'];

export interface Frames {
  /** Between two frames. */
  readonly gaps: readonly number[];
  /** Of the main thread in a frame: the scroll, scripts, layout and paint. */
  readonly work: readonly number[];
  /** Something that was in sight at the end, so that nobody measures an empty page. */
  readonly seen: string;
}

/** Scrolls `selector` for so many frames, one step a frame, and measures each. */
export function scrolled(selector: string, motion: Motion, frames: number): string {
  return `(async () => {
    const scroller = document.querySelector(${JSON.stringify(selector)});
    scroller.scrollTop = 0;
    scroller.scrollLeft = 0;
    const settle = () => new Promise((done) => setTimeout(done, 400));
    await settle();
    const step = {
      down: (frame) => { scroller.scrollTop = frame * 37; },
      right: (frame) => { scroller.scrollLeft = frame * 37; },
      jumps: (frame) => {
        const random = ((frame + 1) * 2654435761 % 4294967296) / 4294967296;
        scroller.scrollTop = random * (scroller.scrollHeight - scroller.clientHeight);
      },
    }[${JSON.stringify(motion)}];
    const gaps = [];
    const work = [];
    let startedAt = 0;
    const begin = () => { if (startedAt === 0) startedAt = performance.now(); };
    document.addEventListener('scroll', begin, { capture: true });
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { work.push(performance.now() - startedAt); startedAt = 0; };
    let before = 0;
    await new Promise((done) => {
      let frame = 0;
      const each = (at) => {
        begin();
        if (before > 0) gaps.push(at - before);
        before = at;
        frame += 1;
        if (frame > ${frames}) return done();
        step(frame);
        channel.port2.postMessage(null);
        requestAnimationFrame(each);
      };
      requestAnimationFrame(each);
    });
    document.removeEventListener('scroll', begin, { capture: true });
    await settle();
    return { gaps, work, seen: scroller.innerText.replace(/\\s+/g, ' ').slice(0, 80) };
  })()`;
}

/** The least a page could do: the same cells of numbers as text on one canvas over a scrolled track. */
export function canvasPage(rows: number, columns: number): string {
  return `<!doctype html><style>body{margin:0;font:12px monospace}#s{width:816px;height:264px;overflow:auto}
    #t{position:relative;width:${columns * 96}px;height:${Math.min(rows * 24, 8_000_000)}px}canvas{position:sticky;left:0;top:0}</style>
  <div id="s"><div id="t"><canvas width="816" height="264"></canvas></div></div>
  <script>
    const s = document.getElementById('s');
    const c = document.querySelector('canvas').getContext('2d');
    const draw = () => {
      const ratio = (${rows * 24} - 264) / (s.scrollHeight - 264);
      const top = s.scrollTop * ratio, left = s.scrollLeft;
      c.clearRect(0, 0, 816, 264);
      c.font = '12px monospace';
      for (let row = Math.floor(top / 24); row < (top + 264) / 24; row += 1)
        for (let col = Math.floor(left / 96); col < (left + 816) / 96; col += 1)
          c.fillText(String((row * (col + 1)) % 251), col * 96 - left + 10, row * 24 - top + 16);
    };
    s.addEventListener('scroll', draw);
    draw();
  </script>`;
}
