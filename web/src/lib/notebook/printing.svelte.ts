/**
 * Getting a notebook ready for paper: cells that nobody came near are made, their results computed and their charts
 * drawn, before the browser is asked to print.
 */
const LOOK_MS = 100;
/** What a result leads to, such as a chart, is asked for within it. */
const LOOKS_AT_REST = 3;
const UNREADY = '#content :is([aria-busy="true"], [role="img"].plot:empty)';

export class Printing {
  /** All cells are wanted, wherever they stand. */
  whole = $state(false);
  /** How many results and charts are still to come. */
  waiting = $state(0);
  #timer: ReturnType<typeof setInterval> | undefined;

  print(): void {
    if (this.#timer !== undefined) return;
    this.whole = true;
    this.waiting = 1;
    let atRest = 0;
    this.#timer = setInterval(() => {
      const unready = document.querySelectorAll(UNREADY).length;
      this.waiting = Math.max(1, unready);
      atRest = unready === 0 ? atRest + 1 : 0;
      if (atRest >= LOOKS_AT_REST) this.now();
    }, LOOK_MS);
  }

  /** With what is there. */
  now(): void {
    this.#rest();
    addEventListener('afterprint', () => (this.whole = false), { once: true });
    window.print();
  }

  stop(): void {
    this.#rest();
    this.whole = false;
  }

  #rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.waiting = 0;
  }
}
