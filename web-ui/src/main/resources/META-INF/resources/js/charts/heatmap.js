/**
 * Layers × iterations in colour. The cells are one picture (`image`, painted by heatmap-image.js) that a custom series places: a thousand
 * columns cost as little as ten. Pure.
 */
import { axis, base, iterationAxis } from './common.js';
import { markLines } from './marks.js';
import { BROKEN, pixel, pixelOf, shareOf } from './palette.js';
import { decades } from '../state/health.js';

/** Most decades on a colour scale: below lies the darkest colour. */
const MOST_DECADES = 20;

/** Scales already computed, while their grid does not change. @type {WeakMap<import('../state/grid.js').LayerGrid, {version: number, log: boolean, scale: {log: boolean, range: [number, number]}}>} */
const known = new WeakMap();

/**
 * The scale of a grid: decades for logarithmic metrics, values for others.
 *
 * @param {import('../state/grid.js').LayerGrid | null} grid
 * @param {boolean} log
 * @returns {{log: boolean, range: [number, number]}}
 */
export function scaleOf(grid, log) {
  if (!grid || grid.length === 0) return { log, range: log ? [-9, -1] : [0, 1] };
  const before = known.get(grid);
  if (before?.version === grid.version && before.log === log) return before.scale;
  const scale = computeScale(grid, log);
  known.set(grid, { version: grid.version, log, scale });
  return scale;
}

/** @returns {{log: boolean, range: [number, number]}} */
function computeScale(grid, log) {
  const means = Float64Array.from({ length: grid.length * grid.rows }, (_, i) => (grid.finite[i] > 0 ? grid.sum[i] / grid.finite[i] : NaN));
  if (log) {
    const [from, to] = decades([means]) ?? [-9, -1];
    return { log, range: [Math.max(from, to - MOST_DECADES), to] };
  }
  let low = Infinity;
  let high = -Infinity;
  for (const value of means) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return { log, range: [0, 1] };
  const from = Math.min(low, 0);
  return { log, range: [from, Math.max(high, from + 1e-6)] };
}

/**
 * Colours of all cells, row by row from the top (layer 0 first), one pixel a cell; transparent where nothing was measured.
 *
 * @param {import('../state/grid.js').LayerGrid} grid
 * @param {{log: boolean, range: [number, number]}} scale
 * @param {{hold?: boolean, gaps?: boolean}} [more] `hold`: a sample is shown until the next one; `gaps`: NaN is nothing measured
 */
export function paintCells(grid, scale, { hold = false, gaps = false } = {}) {
  const { rows, length } = grid;
  const pixels = new Uint32Array(rows * length);
  const broken = gaps ? 0 : pixelOf(BROKEN);
  for (let column = 0; column < length; column++) {
    for (let row = 0; row < rows; row++) {
      const cell = column * rows + row;
      const place = row * length + column;
      pixels[place] = colour(grid, cell, scale, broken);
      if (hold && column > 0 && isEmpty(grid, cell)) pixels[place] = pixels[place - 1];
    }
  }
  return pixels;
}

function isEmpty(grid, cell) {
  return grid.finite[cell] + grid.nan[cell] + grid.inf[cell] === 0;
}

function colour(grid, cell, scale, broken) {
  if (grid.nan[cell] > 0 || grid.inf[cell] > 0) return broken;
  if (grid.finite[cell] === 0) return 0;
  const share = shareOf(grid.sum[cell] / grid.finite[cell], scale);
  return Number.isNaN(share) ? 0 : pixel(share);
}

/**
 * @param {{rows: number, over?: string, shown: number | {from: number, to: number}, columns: number, origin?: number, columnWidth: number, cut: number | null, selected?: number | null, marks?: import('../state/marks.js').Mark[], image: (width: number, height: number) => any}} state `shown`: end of the iteration axis, or both its ends; `origin`: first iteration of the first column
 * @param {import('../theme.js').Theme} t
 */
export function heatmapOption({ rows, over = 'layer', shown, columns, origin = 0, columnWidth, cut, selected = null, marks = [], image }, t) {
  const bottom = Math.max(1, rows);
  return {
    ...base(t),
    tooltip: { show: false },
    grid: { left: 56, right: 16, top: 8, bottom: 28 },
    xAxis: iterationAxis(t, shown),
    yAxis: axis(t, {
      over,
      min: 0,
      max: bottom,
      inverse: true,
      interval: rowStep(rows),
      splitLine: { show: false },
      axisLabel: { formatter: (value) => (value < rows ? String(value) : ''), verticalAlign: 'top' },
    }),
    series: [
      {
        type: 'custom',
        id: 'cells',
        data: [[origin, origin + columns * columnWidth]],
        silent: true,
        clip: true,
        animation: false,
        renderItem: (_params, api) => {
          const [left, top] = api.coord([origin, 0]);
          const [right, foot] = api.coord([origin + columns * columnWidth, bottom]);
          const width = Math.max(1, right - left);
          const height = Math.max(1, foot - top);
          const cells = { type: 'image', style: { image: image(width, height), x: left, y: top, width, height } };
          return selected === null ? cells : { type: 'group', children: [cells, ...frame(left, top + (selected / bottom) * height, width, height / bottom)] };
        },
      },
      {
        type: 'line',
        id: 'cut',
        data: [],
        silent: true,
        animation: false,
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [...markLines(t, marks, typeof shown === 'number' ? { from: 0, to: shown } : shown, { named: true, colour: '#ffffff' }), ...(cut === null ? [] : [{ yAxis: cut + 1, label: { show: true, formatter: 'cut', position: 'insideStartTop', color: '#ffffff', fontSize: 11, fontWeight: 600, distance: 4 }, lineStyle: { color: '#ffffff', width: 1.5, type: [5, 4] } }])],
        },
      },
    ],
  };
}

/** Around a chosen row: light within dark, to be seen on any colour. */
function frame(x, y, width, height) {
  const shape = { x: x - 1, y: y - 1, width: width + 2, height: height + 2 };
  return [
    { type: 'rect', shape, style: { fill: 'none', stroke: '#000000', lineWidth: 3 } },
    { type: 'rect', shape, style: { fill: 'none', stroke: '#ffffff', lineWidth: 1.5 } },
  ];
}

function rowStep(rows) {
  return [1, 2, 4, 6, 8, 10, 12, 20, 50].find((step) => rows / step <= 8) ?? Math.ceil(rows / 8);
}
