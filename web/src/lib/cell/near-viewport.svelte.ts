import { createContext } from 'svelte';

/** Of the cell's place on the page. */
export const [getNear, setNear] = createContext<NearViewport>();

/**
 * True once the element has been near the viewport; it never goes back, so nothing that was made is thrown away. The
 * element lets the browser skip it (`content-visibility: auto`): while it does, it is far, and nobody looks.
 */
export class NearViewport {
  near = $state(false);
  readonly #whole: () => boolean;

  /** `whole`: everything on the page is wanted, wherever it is. */
  constructor(whole: () => boolean) {
    this.#whole = whole;
  }

  /** What the cell shows is made. */
  get shown(): boolean {
    return this.near || this.#whole();
  }

  attach = (node: Element): (() => void) => {
    if (this.near) return () => {};
    const { observer, waiting } = watcher();
    waiting.set(node, () => (this.near = true));
    const look = (event: Event): void => {
      if (isSkipped(event) || !waiting.has(node)) observer.unobserve(node);
      else observer.observe(node);
    };
    // From the beginning: what is drawn for another reason, such as the pointer that is over it, is not told of.
    observer.observe(node);
    node.addEventListener(TOLD, look);
    return () => {
      node.removeEventListener(TOLD, look);
      waiting.delete(node);
      observer.unobserve(node);
    };
  };
}

/** Where the browser tells when it begins and ends to draw an element, each frame asks after those alone that are drawn. */
const TOLD = 'contentvisibilityautostatechange';

function isSkipped(event: Event): boolean {
  return (event as Event & { skipped?: boolean }).skipped === true;
}

interface Watcher {
  readonly observer: IntersectionObserver;
  readonly waiting: Map<Element, () => void>;
}

let shared: Watcher | null = null;

/** One for the whole page: the browser asks each observer in each frame. */
function watcher(): Watcher {
  if (shared !== null) return shared;
  const waiting: Watcher['waiting'] = new Map();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
        waiting.get(target)?.();
        waiting.delete(target);
        observer.unobserve(target);
      }
    },
    { rootMargin: '600px 0px' },
  );
  return (shared = { observer, waiting });
}
