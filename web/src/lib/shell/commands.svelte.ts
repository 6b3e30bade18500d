/**
 * What the palette and the keys can do now. A room registers its commands while it is on the page; the shell's own are
 * always there. A command is one line, one verb, one key at most.
 */
import type { Component } from 'svelte';
import type { Layer } from '@datacraft/shared';
import type { MarkState } from '#lib/ui/state.ts';

export interface Command {
  id: string;
  group: 'cells' | 'notebooks' | 'tables' | 'go' | 'act';
  label: string;
  hint?: string;
  keys?: string;
  icon?: Component<{ size?: number | string }>;
  mark?: MarkState;
  layer?: Layer;
  mono?: boolean;
  run: () => void;
}

type Provider = () => Command[];
const providers = new Set<Provider>();
let palette = $state(false);
let keys = $state(false);

/** Adds commands for as long as the caller lives; call the answer to take them away. */
export function provideCommands(provider: Provider): () => void {
  providers.add(provider);
  return () => providers.delete(provider);
}

export function commandsNow(): Command[] {
  return [...providers].flatMap((provider) => provider());
}

export const overlays = {
  get palette(): boolean {
    return palette;
  },
  set palette(open: boolean) {
    palette = open;
  },
  get keys(): boolean {
    return keys;
  },
  set keys(open: boolean) {
    keys = open;
  },
};
