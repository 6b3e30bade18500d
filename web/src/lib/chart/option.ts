import type { EChartsCoreOption } from 'echarts/core';
import { type Frame, type Option, yFormat } from './axes.ts';
import { liesDown, lyingBars, upright } from './bar-option.ts';
import { ColorScope } from './colors.ts';
import { sankeyOption } from './flows.ts';
import { heatmapOption } from './heat-option.ts';
import { mapOption, scatterOption } from './point-option.ts';
import type { ChartRows } from './rows.ts';
import type { ChartPicture, Series } from './series.ts';
import { boxOption, candleOption, histogramOption, pieOption } from './shape-option.ts';

export function chartOption(
  spec: ChartPicture,
  data: ChartRows,
  series: readonly Series[],
  frame: Frame,
  colors: ColorScope = new ColorScope(),
): EChartsCoreOption {
  const base: Option = {
    animation: frame.animate,
    animationDuration: 120,
    textStyle: { fontFamily: frame.theme.font, fontSize: 11, color: frame.theme.text2 },
  };
  switch (spec.type) {
    case 'pie':
      return { ...base, ...pieOption(spec, series, frame) };
    case 'heatmap':
      return { ...base, ...heatmapOption(spec, data, frame) };
    case 'histogram':
      return { ...base, ...histogramOption(spec, series, frame, data) };
    case 'boxplot':
      return { ...base, ...boxOption(spec, data, frame) };
    case 'scatter':
      return { ...base, ...scatterOption(spec, data, series, frame) };
    case 'candlestick':
      return { ...base, ...candleOption(spec, data, frame) };
    case 'sankey':
      return { ...base, ...sankeyOption(data, frame.theme, colors, yFormat(spec, frame.language)) };
    case 'map':
      return { ...base, ...mapOption(series, data, frame) };
    default:
      return {
        ...base,
        ...(liesDown(spec, series, data) ? lyingBars(spec, data, series, frame) : upright(spec, data, series, frame)),
      };
  }
}
