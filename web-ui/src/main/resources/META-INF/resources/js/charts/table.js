/** What a chart shows, as a table: for the CSV that goes with its picture. Pure. */
import { each } from './scale.js';

/** A text that a spreadsheet would take for a formula begins with one of these. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * Every point of every series, in the units of the chart (a logarithmic axis does not show in it). A series that is several lines in one, with
 * breaks between them, is told apart by `part`.
 *
 * @param {any} option as it is before it is moved to another scale
 * @returns {{columns: string[], rows: any[][]}}
 */
export function tableOf(option) {
  const axes = Array.isArray(option.yAxis) ? option.yAxis : [option.yAxis];
  const overIterations = overIteration(option);
  const rows = [];
  for (const one of option.series ?? []) {
    if (one.type === 'custom') continue;
    const decades = axes[one.yAxisIndex ?? 0]?.decades === true;
    const name = one.id ?? one.name ?? '';
    let part = 0;
    each(one.data, (x, y) => {
      if (Number.isNaN(x)) part++;
      else rows.push([name, part, x, one.rail ?? (decades ? 10 ** y : y)]);
    });
  }
  return { columns: ['series', 'part', overIterations ? 'iteration' : 'layer', 'value'], rows };
}

/**
 * The profiles over the layers that a chart draws: of windows of iterations, and the newest.
 *
 * @param {any[]} layers as in the API
 * @param {{windows: {from: number, to: number, values: ArrayLike<number>}[], newest: ArrayLike<number> | null, iteration: number}} profiles
 * @param {Set<number> | null} kept layers; null: all
 */
export function profileTable(layers, { windows, newest, iteration }, kept) {
  const all = [...windows, ...(newest ? [{ from: iteration, to: iteration + 1, values: newest }] : [])];
  const rows = all.flatMap(({ from, to, values }) => Array.from(values, (value, layer) => [layer, layers[layer]?.name ?? '', from, to - 1, value]));
  return { columns: ['layer', 'name', 'first iteration', 'last iteration', 'mean'], rows: rows.filter(([layer]) => kept === null || kept.has(layer)) };
}

/** Whether a chart's x axis counts iterations. @param {any} option */
export function overIteration(option) {
  const axes = Array.isArray(option?.xAxis) ? option.xAxis : [option?.xAxis];
  return axes.some((axis) => axis?.over === 'iteration');
}

/** RFC 4180; a number as precise as it is, NaN and infinities as words, text never as a formula. @param {{columns: string[], rows: any[][]}} table */
export function csv({ columns, rows }) {
  return [columns, ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n';
}

/** @param {any} value */
function field(value) {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A file's name: of the run and of the chart, whatever they are called. @param {string} run @param {string} chart @param {string} ending */
export function fileName(run, chart, ending) {
  const plain = (text) => text.normalize('NFKD').replace(/[^\w.-]+/g, '-').replace(/^[-.]+|[-.]+$/g, '').slice(0, 80);
  return `${[plain(run), plain(chart)].filter(Boolean).join('-') || 'chart'}.${ending}`;
}
