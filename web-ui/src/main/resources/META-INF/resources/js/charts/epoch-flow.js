/**
 * The paper's Figures 1 to 3 as they are printed: layers on x, mean |g| on a linear axis, one translucent line an epoch. The chosen epoch is
 * strong, those before it are faint, those after it are not drawn; the axis holds all of them, so that it stands still while epochs play. Pure.
 *
 * @typedef {import('../state/epoch-profiles.js').EpochProfile} EpochProfile
 */
import { axis, base, brokenRail, fade, line, round } from './common.js';
import { layerAxis, layerTitle } from './profile.js';
import { FLOOR } from '../state/health.js';
import { integer, scientific, tick } from '../format.js';

/** Opacity of one line: that of the paper's, less where a hundred lie above one another. */
const OPACITY = 0.3;
const LEAST_OPACITY = 0.12;

/**
 * @param {{layers: any[], epochs: EpochProfile[], chosen: number, width?: number}} state `chosen`: index into `epochs`
 * @param {import('../theme.js').Theme} t
 */
export function epochFlowOption({ layers, epochs, chosen, width = 600 }, t) {
  const now = epochs[chosen] ?? null;
  const before = epochs.slice(0, chosen);
  const count = layers.length || (now?.values.length ?? 0);
  const y = round(0, highest(epochs), { steps: 4 });
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(layers, before, now, indexOf(items)) },
    grid: { left: 72, right: 16, top: 16, bottom: 36 },
    xAxis: layerAxis(t, count, width),
    yAxis: axis(t, { ...y, axisLabel: { formatter: tick } }),
    series: [
      line('epochs', joined(before, layers), { z: 2, lineStyle: { width: 1.25, color: fade(t.accent, Math.max(LEAST_OPACITY, Math.min(OPACITY, 12 / Math.max(1, before.length)))) } }),
      line('chosen', now ? plain(now.values, layers) : new Float64Array(0), { silent: false, z: 4, lineStyle: { width: 2.5, color: t.accent, type: now && !now.complete ? [6, 4] : 'solid' } }),
      dots(now, layers, t),
      brokenRail(t, 'broken', now ? broken(now.values) : [], 0),
    ],
  };
}

/** "epoch 3, iterations 950–1,424", "epoch 4, running: 120 of 475 iterations" @param {EpochProfile | null | undefined} epoch @param {number} perEpoch */
export function epochWords(epoch, perEpoch) {
  if (!epoch) return '';
  const name = `epoch ${integer(epoch.epoch + 1)}`;
  return epoch.complete ? `${name}, iterations ${integer(epoch.from)}–${integer(epoch.to - 1)}` : `${name}, so far ${integer(epoch.to - epoch.from)} of ${integer(perEpoch)} iterations`;
}

/** How many layers of an epoch lie, on a linear axis, on the axis itself: below Adam's ε. @param {EpochProfile | null} epoch */
export function onTheAxis(epoch) {
  return epoch ? Array.from(epoch.values).filter((value) => value < FLOOR).length : 0;
}

function highest(epochs) {
  let most = 0;
  for (const { values } of epochs) for (const value of values) if (Number.isFinite(value) && value > most) most = value;
  return most > 0 ? most : 1;
}

/** [layer, value] pairs of the main path; what is not finite breaks the line. */
function plain(values, layers) {
  const data = [];
  values.forEach((value, index) => layers[index]?.mainPath !== false && data.push(index, Number.isFinite(value) ? value : NaN));
  return Float64Array.from(data);
}

/** All lines as one, with breaks between them: a hundred series would cost a hundred times as much. */
function joined(epochs, layers) {
  return Float64Array.from(epochs.flatMap(({ values }) => [...plain(values, layers), NaN, NaN]));
}

function dots(now, layers, t) {
  const data = [];
  for (let i = 0; now !== null && i < now.values.length; i++) {
    const value = now.values[i];
    if (!Number.isFinite(value)) continue;
    const skip = layers[i]?.mainPath === false;
    const colour = value < FLOOR ? t.critical : t.accent;
    data.push({ value: [i, value], symbol: skip ? 'diamond' : 'circle', symbolSize: skip ? 8 : 5, itemStyle: skip ? { color: t.card, borderColor: colour, borderWidth: 1.5 } : { color: colour } });
  }
  return { type: 'scatter', id: 'dots', data, silent: true, animation: false, z: 5 };
}

function broken(values) {
  return Array.from(values, (_, index) => index).filter((index) => !Number.isFinite(values[index]));
}

function describe(layers, before, now, index) {
  const lines = [layerTitle(layers[index], index)];
  if (now) lines.push(`epoch ${integer(now.epoch + 1)}: mean |g| ${scientific(now.values[index])}${now.complete ? '' : ' so far'}`);
  const first = before[0];
  if (first) lines.push(`epoch ${integer(first.epoch + 1)}: ${scientific(first.values[index])}`);
  return lines.join('\n');
}

function indexOf(items) {
  const item = Array.isArray(items) ? items[0] : items;
  return Math.round(item?.axisValue ?? item?.value?.[0] ?? 0);
}
