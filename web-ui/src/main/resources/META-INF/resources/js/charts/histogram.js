/**
 * One layer's histograms over iterations: how many of its elements have which size, in colour, with the median and the middle nine tenths as
 * lines. A sample is shown until the next one. The cells are one picture, painted by histogram-image.js. Pure.
 *
 * @typedef {import('../state/histograms.js').Histogram} Histogram
 * @typedef {{from: number, to: number, firstBin: number, shares: Float64Array}} Column `shares` of all elements, from bin `firstBin` on
 */
import { base, brokenRail, decadeAxis, fade, iterationAxis, line, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { integer, percent, scientific } from '../format.js';

/** Elements of a histogram, zeros and what is not finite included. @param {Histogram} histogram */
export function elementsOf({ counts, zeros, below, above, notFinite }) {
  return counts.reduce((sum, count) => sum + count, 0) + zeros + below + above + notFinite;
}

/** @param {Histogram[]} items @param {number} end of the last one @returns {Column[]} */
export function columnsOf(items, end) {
  return items.map((item, i) => {
    const all = elementsOf(item);
    return { from: item.iteration, to: Math.max(item.iteration + 1, items[i + 1]?.iteration ?? end), firstBin: item.firstBin, shares: Float64Array.from(item.counts, (count) => count / all) };
  });
}

/** Where the newest sample ends: when the next one is due. @param {Histogram[]} items */
export function endOf(items) {
  const [before, last] = [items.at(-2)?.iteration, items.at(-1)?.iteration ?? 0];
  return last + Math.max(1, before === undefined ? 1 : last - before);
}

/** Bins in which there is anything, from and to (exclusive); null: in none. @param {Histogram[]} items @returns {[number, number] | null} */
export function binsOf(items) {
  let from = Infinity;
  let to = -Infinity;
  for (const { firstBin, counts } of items) {
    if (counts.length === 0) continue;
    from = Math.min(from, firstBin);
    to = Math.max(to, firstBin + counts.length);
  }
  return from < to ? [from, to] : null;
}

/**
 * The size below which a share of the finite elements lies, logarithmically between the ends of its bin; 0 among zeros, NaN without elements.
 *
 * @param {Histogram} histogram
 * @param {number[]} edges
 * @param {number} share
 */
export function quantile({ firstBin, counts, zeros, below, above }, edges, share) {
  const finite = counts.reduce((sum, count) => sum + count, 0) + zeros + below + above;
  if (finite === 0) return NaN;
  let left = share * finite - zeros;
  if (left <= 0 && zeros > 0) return 0;
  left -= below;
  if (left <= 0 && below > 0) return edges[0];
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] > 0 && left <= counts[i]) {
      const [low, high] = [Math.log(edges[firstBin + i]), Math.log(edges[firstBin + i + 1])];
      return Math.exp(low + (high - low) * Math.max(0, left / counts[i]));
    }
    left -= counts[i];
  }
  return edges[edges.length - 1];
}

/** The largest share of elements in one bin: the end of the colour scale. @param {Column[]} columns */
export function highestShare(columns) {
  let most = 0;
  for (const { shares } of columns) for (const share of shares) if (share > most) most = share;
  return most;
}

/**
 * @param {{items: Histogram[], edges: number[], model: any, image: (width: number, height: number) => any}} state `image`: the cells, for the place between the first sample and where the next one is due, and between the bins' ends
 * @param {import('../theme.js').Theme} t
 */
export function histogramOption({ items, edges, model, image }, t) {
  const shown = shownRange(model);
  const bins = binsOf(items) ?? [0, 1];
  const [low, high] = [Math.log10(edges[bins[0]]), Math.log10(edges[bins[1]])];
  const y = decadeAxis(t, [Math.floor(low), Math.ceil(high)]);
  const first = items[0]?.iteration ?? 0;
  const end = endOf(items);
  const course = (id, share, style) => line(id, Float64Array.from(items.flatMap((item) => [item.iteration, logOf(quantile(item, edges, share))])), { step: 'end', lineStyle: { width: 1.25, color: '#ffffff', shadowColor: '#000000', shadowBlur: 3, ...style } });
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (given) => describe(given, items, edges, model) },
    grid: { left: 56, right: 16, top: 12, bottom: 28 },
    xAxis: iterationAxis(t, shown),
    yAxis: { ...y, splitLine: { show: true, lineStyle: { color: fade(t.line, 0.5) } } },
    series: [
      {
        type: 'custom',
        id: 'cells',
        data: items.length === 0 ? [] : [[first, low]],
        silent: true,
        clip: true,
        animation: false,
        renderItem: (_params, api) => {
          const [left, top] = api.coord([first, high]);
          const [right, foot] = api.coord([end, low]);
          const [width, height] = [Math.max(1, right - left), Math.max(1, foot - top)];
          return { type: 'image', style: { image: image(width, height), x: left, y: top, width, height } };
        },
      },
      course('low', 0.05, { type: [3, 3] }),
      course('high', 0.95, { type: [3, 3] }),
      { ...course('median', 0.5, { width: 2 }), silent: false, markLine: markLine(markLines(t, model.marks, shown)) },
      brokenRail(t, 'broken', items.filter(({ notFinite }) => notFinite > 0).map(({ iteration }) => iteration), y.min),
    ],
  };
}

function logOf(value) {
  return value > 0 ? Math.log10(value) : NaN;
}

function describe(given, items, edges, model) {
  const iteration = Math.round((Array.isArray(given) ? given[0] : given)?.axisValue ?? 0);
  const item = items.findLast((one) => one.iteration <= iteration) ?? items[0];
  if (!item) return `iteration ${integer(iteration)}`;
  const all = elementsOf(item);
  const at = (share) => scientific(quantile(item, edges, share));
  return [
    `sampled at iteration ${integer(item.iteration)}`,
    `median ${at(0.5)}; nine tenths between ${at(0.05)} and ${at(0.95)}`,
    `exactly zero: ${percent(item.zeros / all, 1)} of ${integer(all)}`,
    ...(item.notFinite > 0 ? [`NaN or infinite: ${integer(item.notFinite)}`] : []),
    ...toldNear(model, iteration),
  ].join('\n');
}
