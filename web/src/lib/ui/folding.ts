/** A menu made of `<details>` closes when something in it was chosen, when focus or pointer go elsewhere, and on Escape. */
export function folding(details: HTMLDetailsElement): () => void {
  const summary = details.querySelector('summary');
  const outside = (event: PointerEvent): void => {
    if (event.target instanceof Node && !details.contains(event.target)) details.open = false;
  };
  const chosen = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('button, a')) details.open = false;
  };
  const left = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && !details.contains(event.relatedTarget)) details.open = false;
  };
  const escaped = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !details.open) return;
    event.stopPropagation();
    details.open = false;
    summary?.focus();
  };
  document.addEventListener('pointerdown', outside);
  details.addEventListener('click', chosen);
  details.addEventListener('focusout', left);
  details.addEventListener('keydown', escaped);
  return () => {
    document.removeEventListener('pointerdown', outside);
    details.removeEventListener('click', chosen);
    details.removeEventListener('focusout', left);
    details.removeEventListener('keydown', escaped);
  };
}
