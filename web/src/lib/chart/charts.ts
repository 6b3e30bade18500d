/** The parts of ECharts that are drawn with; a chunk of its own, loaded when the first chart appears. */
import { BarChart, BoxplotChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { AxisPointerComponent, GridComponent, VisualMapContinuousComponent } from 'echarts/components';
import { init, setPlatformAPI, use } from 'echarts/core';
import { LabelLayout, LegacyGridContainLabel } from 'echarts/features';
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers';

use([
  LineChart,
  BarChart,
  ScatterChart,
  PieChart,
  HeatmapChart,
  BoxplotChart,
  GridComponent,
  AxisPointerComponent,
  VisualMapContinuousComponent,
  LabelLayout,
  LegacyGridContainLabel,
  CanvasRenderer,
  SVGRenderer,
]);

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
