import { flushSync } from 'svelte';

export const themes = ['light', 'dark', 'system'] as const;
export type Theme = (typeof themes)[number];

const stored = typeof localStorage === 'undefined' ? null : localStorage.getItem('theme');
let choice = $state<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system');
let systemDark = $state(false);
let paper = $state(false);

if (typeof matchMedia !== 'undefined') {
  const query = matchMedia('(prefers-color-scheme: dark)');
  systemDark = query.matches;
  query.addEventListener('change', (event) => {
    systemDark = event.matches;
    apply();
  });
}

function apply(): void {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light';
}

export function theme(): Theme {
  return choice;
}

/** What is seen is drawn for paper: on white, and without what only a screen can do. */
export function isOnPaper(): boolean {
  return paper;
}

/** Before and after printing; the page is as it will be printed when this returns. */
export function putOnPaper(is: boolean): void {
  paper = is;
  apply();
  flushSync();
}

/** The theme on screen, after `system` is resolved. Charts and editors read colours again when it changes. */
export function isDark(): boolean {
  if (paper) return false;
  return choice === 'dark' || (choice === 'system' && systemDark);
}

export function setTheme(next: Theme): void {
  choice = next;
  localStorage.setItem('theme', next);
  apply();
}

export function toggleTheme(): void {
  setTheme(isDark() ? 'light' : 'dark');
}
