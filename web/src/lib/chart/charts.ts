/** The parts of ECharts that are drawn with; a chunk of its own, loaded when the first chart appears. */
import { BarChart, BoxplotChart, HeatmapChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { AxisPointerComponent, GridComponent, VisualMapContinuousComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
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

export { init };
