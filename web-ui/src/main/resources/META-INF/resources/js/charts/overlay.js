/** One value of several runs on one axis: the paper's figures 4 and 5. Pure. */
import { axis, base, brokenRail, line, reference, round } from './common.js';
import { compact, decimal, duration, integer, percent } from '../format.js';
import { extent, lastX, nearest, placeWords } from '../state/overlay.js';

/** Curves with at most this many points have a mark at each: an epoch is seen as one. */
const DOTTED = 40;
/** Letters of a name in the tip. */
const NAME = 24;
/** Milliseconds between labels that a person counts in. */
const TIMES = [1, 2, 5, 10, 15, 30].map((n) => n * 1000).concat([1, 2, 5, 10, 15, 30].map((n) => n * 60_000), [1, 2, 3, 6, 12].map((n) => n * 3_600_000), [1, 2, 5, 10, 20, 50].map((n) => n * 86_400_000));

/**
 * @param {{curves: {run: string, name: string, colour: string, stroke: any, data: number[][], broken: number[]}[], align: import('../state/overlay.js').Align,
 *   kind: 'loss' | 'accuracy', chance: number | null, mark: {x: number, label: string} | null, to?: number}} state `to`: the axis reaches as far, at least
 * @param {import('../theme.js').Theme} t
 */
export function overlayOption({ curves, align, kind, chance, mark, to = 0 }, t) {
  const range = extent(curves);
  if (range === null && curves.every(({ broken }) => broken.length === 0)) return null;
  const [low, high] = range ?? [0, 1];
  // one run that explodes must not flatten the others
  const top = chance !== null && kind === 'loss' && high > 3 * chance && low < chance ? chance * 1.5 : high;
  const shown = kind === 'accuracy' ? round(0, Math.max(high, chance ?? 0, 0.02), { steps: 4 }) : round(Math.min(low, top), top, { least: 0.2, steps: 4 });
  const end = Math.max(to, lastX(curves), align === 'epoch' ? 2 : 1);
  const digits = decimalsOf(kind === 'accuracy' ? shown.interval * 100 : shown.interval);
  const words = kind === 'accuracy' ? (value) => percent(value, digits) : (value) => decimal(value, digits);
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, curves, align, kind, end) },
    grid: { left: 52, right: 16, top: 16, bottom: 40 },
    xAxis: axis(t, {
      ...(align === 'iteration' ? { over: 'iteration' } : {}),
      min: 0,
      max: end,
      ...(align === 'wall' ? { interval: timeStep(end) } : { minInterval: 1 }),
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: t.line } },
      axisPointer: { snap: false },
      name: { iteration: 'iteration', epoch: 'epoch', wall: 'time since the first iteration' }[align],
      nameLocation: 'middle',
      nameGap: 24,
      splitNumber: 4,
      axisLabel: { formatter: (value) => (value > end * 0.93 && value !== end ? '' : value === 0 ? '0' : align === 'wall' ? duration(value) : end < 10_000 ? integer(value) : compact(value)), showMaxLabel: true, alignMaxLabel: 'right' },
    }),
    yAxis: axis(t, { ...shown, axisLabel: { formatter: words } }),
    series: [
      ...curves.map(({ run, name, colour, stroke, data }) =>
        line(`run-${run}`, Float64Array.from(data.flat()), { name, silent: false, symbol: 'circle', symbolSize: 5, showSymbol: data.length <= DOTTED, itemStyle: { color: colour }, lineStyle: { width: 2, color: colour, type: stroke }, clip: true }),
      ),
      ...curves.filter(({ broken }) => broken.length > 0).map(({ run, broken }) => brokenRail(t, `broken-${run}`, broken, shown.min)),
      {
        ...line('marks', new Float64Array(0)),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [
            ...(chance === null || chance > shown.max ? [] : [reference(t, chance, 'chance')]),
            ...(mark === null ? [] : [{ xAxis: mark.x, label: { show: mark.x > end * 0.03, position: 'insideEndTop', formatter: mark.label, color: t.text, fontSize: 11, fontFamily: t.font }, lineStyle: { color: t.text, width: 1, type: 'solid' } }]),
          ],
        },
      },
    ],
  };
}

/** Milliseconds between labels of an axis of time: at most five of them. @param {number} end */
export function timeStep(end) {
  return TIMES.find((step) => end / step <= 5) ?? end / 5;
}

/** Decimals that multiples of this need. @param {number} interval */
export function decimalsOf(interval) {
  return [0, 1, 2, 3].find((digits) => Math.abs(interval * 10 ** digits - Math.round(interval * 10 ** digits)) < 1e-6) ?? 4;
}

/** All runs at a place, the best one first. */
function describe(items, curves, align, kind, end) {
  const item = Array.isArray(items) ? items[0] : items;
  const x = item?.axisValue ?? 0;
  const at = curves.flatMap((curve) => {
    const point = nearest(curve.data, x, end / 40);
    return point ? [{ curve, point }] : [];
  });
  if (at.length === 0) return placeWords(x, align);
  at.sort((a, b) => (kind === 'loss' ? a.point[1] - b.point[1] : b.point[1] - a.point[1]));
  const value = (y) => (kind === 'loss' ? decimal(y, 4) : percent(y, 2));
  return [placeWords(at[0].point[0], align), ...at.map(({ curve, point }) => `${short(curve.name)}  ${value(point[1])}`)].join('\n');
}

/** What is braced would be taken for a style. @param {string} name */
function short(name) {
  const plain = name.replace(/[{}|]/g, ' ');
  const letters = [...plain];
  return letters.length > NAME ? `${letters.slice(0, NAME - 1).join('')}…` : plain;
}
