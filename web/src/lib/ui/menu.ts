import type { Component } from 'svelte';

/** One line of a menu. `-` is a rule between groups. */
export type MenuEntry =
  | '-'
  | { cap: string }
  | {
      label: string;
      onSelect: () => void;
      icon?: Component<{ size?: number | string }>;
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      checked?: boolean;
    };
