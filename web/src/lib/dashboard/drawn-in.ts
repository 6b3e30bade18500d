import type { Attachment } from 'svelte/attachments';

/** Calls once a canvas or picture has been put into the element and painted: its placeholder can go. */
export function drawnIn(done: () => void): Attachment<HTMLElement> {
  return (element) => {
    const isThere = () => element.querySelector('.plot canvas, .plot svg, .empty') !== null;
    const tell = () => requestAnimationFrame(() => requestAnimationFrame(done));
    if (isThere()) {
      tell();
      return;
    }
    const observer = new MutationObserver(() => {
      if (!isThere()) return;
      observer.disconnect();
      tell();
    });
    observer.observe(element, { childList: true, subtree: true });
    return () => observer.disconnect();
  };
}
