/** The parts of ECharts that are drawn with; a chunk of its own, loaded when the first chart appears. */
import {
  BarChart,
  BoxplotChart,
  CandlestickChart,
  HeatmapChart,
  LineChart,
  PieChart,
  SankeyChart,
  ScatterChart,
} from 'echarts/charts';
import { AxisPointerComponent, GeoComponent, GridComponent, VisualMapContinuousComponent } from 'echarts/components';
import { init, registerMap, setPlatformAPI, use } from 'echarts/core';
import { LabelLayout, LegacyGridContainLabel } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';
import { WORLD } from './world-name.ts';
import { worldLand } from './world.ts';

use([
  LineChart,
  BarChart,
  ScatterChart,
  PieChart,
  HeatmapChart,
  BoxplotChart,
  CandlestickChart,
  SankeyChart,
  GeoComponent,
  GridComponent,
  AxisPointerComponent,
  VisualMapContinuousComponent,
  LabelLayout,
  LegacyGridContainLabel,
  CanvasRenderer,
  SVGRenderer,
]);

registerMap(WORLD, worldLand() as Parameters<typeof registerMap>[1]);

/**
 * A canvas on the page draws with the page's figures (tabular), one off the page does not: widths are measured on one
 * that is on it, else labels of many digits run into each other.
 */
function measureOnPage(): void {
  const canvas = document.createElement('canvas');
  Object.assign(canvas.style, { position: 'absolute', width: '0', height: '0', visibility: 'hidden' });
  canvas.setAttribute('aria-hidden', 'true');
  document.body.append(canvas);
  const context = canvas.getContext('2d');
  if (context === null) return;
  setPlatformAPI({
    measureText: (text, font) => {
      if (font !== undefined && context.font !== font) context.font = font;
      return context.measureText(text);
    },
  });
}
if (typeof document !== 'undefined') measureOnPage();

export { init };
