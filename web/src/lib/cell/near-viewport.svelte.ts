/** True once the element has been near the viewport; it never goes back, so nothing that was made is thrown away. */
export class NearViewport {
  near = $state(false);

  attach = (node: Element): (() => void) => {
    if (this.near) return () => {};
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        this.near = true;
        observer.disconnect();
      },
      { rootMargin: '600px 0px' },
    );
    observer.observe(node);
    return () => observer.disconnect();
  };
}
