/** Whether the element is in what its scroller shows, or near it; it comes and goes. */
export class InView {
  inView = $state(false);

  attach = (node: Element): (() => void) => {
    const observer = new IntersectionObserver(
      (entries) => (this.inView = entries.at(-1)?.isIntersecting ?? false),
      // The margin of a scroller inside of the page is not yet everywhere; without it rows come a frame late.
      { rootMargin: '400px 0px', scrollMargin: '400px 0px' } as IntersectionObserverInit,
    );
    observer.observe(node);
    return () => observer.disconnect();
  };
}
