/** A chart by layer, of some layers only. Pure. */
import { mapped } from './scale.js';

const STEPS = [1, 2, 5, 10, 20, 50];
const MOST_LABELS = 13;

/**
 * The same chart without the other layers: lines break where they were, and the axis ends at the first and the last one that is kept. A heat map
 * is cut to the rows between them.
 *
 * @param {any} option
 * @param {Set<number> | null} kept indexes; null: all
 */
export function ofLayers(option, kept) {
  if (option === null || kept === null || kept.size === 0) return option;
  const [first, last] = [Math.min(...kept), Math.max(...kept)];
  if (!Array.isArray(option.yAxis) && option.yAxis?.over === 'layer') return { ...option, yAxis: labelled(option.yAxis, first, last + 1, { showMaxLabel: false, formatter: String }) };
  if (Array.isArray(option.xAxis) || option.xAxis?.over !== 'layer') return option;
  // one layer alone has room beside it, else its dot would lie on the axis
  const room = first === last ? 1 : 0;
  const series = option.series.map((one) => ({ ...one, data: mapped(one.data, (y, x) => (Number.isNaN(x) || kept.has(x) ? y : NaN)) }));
  return { ...option, xAxis: labelled(option.xAxis, first - room, last + room, { formatter: (index) => (index < 0 ? '' : String(index)) }), series };
}

/** An axis that counts layers from one to another. */
function labelled(axis, min, max, label) {
  const interval = STEPS.find((step) => (max - min) / step <= MOST_LABELS) ?? Math.ceil((max - min) / MOST_LABELS);
  return { ...axis, min, max, interval, axisLabel: { ...axis.axisLabel, ...label } };
}
