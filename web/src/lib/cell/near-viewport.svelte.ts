import { createContext } from 'svelte';

/** Of the cell's place on the page. */
export const [getNear, setNear] = createContext<NearViewport>();

/** True once the element has been near the viewport; it never goes back, so nothing that was made is thrown away. */
export class NearViewport {
  near = $state(false);

  attach = (node: Element): (() => void) => {
    if (this.near) return () => {};
    const { observer, waiting } = watcher();
    waiting.set(node, () => (this.near = true));
    observer.observe(node);
    return () => {
      waiting.delete(node);
      observer.unobserve(node);
    };
  };
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
