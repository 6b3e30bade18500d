import type { ChartTheme } from '../colors.ts';

/** Any colours, each its own, for pictures that tests read. */
export const theme: ChartTheme = {
  categories: ['#111111', '#222222', '#333333', '#444444', '#555555', '#666666', '#777777', '#888888'],
  muted: '#999999',
  grid: '#eeeeee',
  axis: '#777777',
  baseline: '#555555',
  text1: '#000000',
  text2: '#444444',
  sequence: ['#ffffff', '#000000'],
  font: 'sans-serif',
  page: '#ffffff',
};
