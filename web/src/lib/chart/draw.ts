import type { ECharts, EChartsCoreOption } from 'echarts/core';

import { partEndNames } from './end-names.ts';

export type Renderer = 'canvas' | 'svg';

export async function createChart(element: HTMLElement, renderer: Renderer): Promise<ECharts> {
  // Widths of text are measured once and kept: not before the fonts are there.
  const [{ init }] = await Promise.all([import('./charts.ts'), document.fonts.ready]);
  return init(element, null, { renderer });
}

/** A picture of a given size, drawn apart from the page. */
export async function drawPicture(
  option: EChartsCoreOption,
  kind: 'png' | 'svg',
  width: number,
  height: number,
  ground: string,
): Promise<Blob> {
  const element = document.createElement('div');
  Object.assign(element.style, { position: 'fixed', left: '-10000px', width: `${width}px`, height: `${height}px` });
  document.body.append(element);
  const chart = await createChart(element, kind === 'svg' ? 'svg' : 'canvas');
  try {
    chart.setOption({ ...option, animation: false, backgroundColor: ground });
    partEndNames(chart);
    const url = chart.getDataURL({ type: kind, pixelRatio: 2, backgroundColor: ground });
    return kind === 'svg'
      ? new Blob([decodeURIComponent(url.slice(url.indexOf(',') + 1))], { type: 'image/svg+xml' })
      : blobOf(url);
  } finally {
    chart.dispose();
    element.remove();
  }
}

function blobOf(dataUrl: string): Blob {
  const bytes = Uint8Array.from(atob(dataUrl.slice(dataUrl.indexOf(',') + 1)), (character) => character.charCodeAt(0));
  return new Blob([bytes], { type: 'image/png' });
}
