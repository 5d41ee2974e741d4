/** Charts of what is sampled: activations by layer, curvature, shattering, resources. Pure. */
import { axis, base, brokenRail, fade, iterationAxis, line, reference, shownRange } from './common.js';
import { markLine, markLines, toldNear } from './marks.js';
import { bytes, decimal, integer, percent, scientific } from '../format.js';

const STEPS = 512;
const WINDOWS = 8;
const NEGATIVE = 'activation.negative_fraction';
const ONE_SIDED = 'activation.one_sided_fraction';

/** Share of negative pre-activations by layer: faint lines for older stretches, the newest strong. @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function activationOption(model, t) {
  const { samples, layers } = model;
  const windows = samples.grid(NEGATIVE)?.windows(WINDOWS) ?? [];
  const newest = samples.latest.get(NEGATIVE) ?? windows.at(-1)?.values ?? null;
  const sided = samples.latest.get(ONE_SIDED) ?? samples.grid(ONE_SIDED)?.windows(WINDOWS).at(-1)?.values ?? null;
  if (newest === null) return null;
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describeLayer(layers, newest, sided, Math.round((Array.isArray(items) ? items[0] : items)?.axisValue ?? 0)) },
    grid: { left: 52, right: 16, top: 28, bottom: 36 },
    xAxis: axis(t, { over: 'layer', min: 0, max: Math.max(1, layers.length - 1), minInterval: 1, splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: t.line } }, name: 'layer (input → loss)', nameLocation: 'middle', nameGap: 22 }),
    yAxis: axis(t, { min: 0, max: 1, interval: 0.25, axisLabel: { formatter: (value) => percent(value, 0) } }),
    series: [
      ...Array.from({ length: WINDOWS }, (_, i) => line(`window-${i}`, pairs(windows[i]?.values ?? []), { lineStyle: { width: 1, color: fade(t.accent, 0.22) } })),
      line('one-sided', pairs(sided ?? []), { lineStyle: { width: 1.5, type: 'dotted', color: t.second } }),
      line('negative', pairs(newest), { silent: false, showSymbol: layers.length <= 12, symbolSize: 5, itemStyle: { color: t.accent }, lineStyle: { width: 2.5, color: t.accent }, markLine: markLine([reference(t, 0.5, 'half')]) }),
    ],
  };
}

/** Predicted beside actual change of the loss. @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function curvatureOption(model, t) {
  const predicted = model.samples.series('curvature.predicted_change')?.view(STEPS) ?? null;
  const actual = model.samples.series('curvature.actual_change')?.view(STEPS) ?? null;
  if (predicted === null && actual === null) return null;
  const format = (value) => (value === 0 ? '0' : scientific(value, 1));
  return lines(model, t, {
    left: 72,
    y: { scale: true, scalable: true, axisLabel: { formatter: format }, splitNumber: 4 },
    references: [reference(t, 0, '')],
    of: [
      { id: 'predicted', view: predicted, color: t.second, style: { type: 'dashed' }, format: (value) => `predicted ${scientific(value)}` },
      { id: 'actual', view: actual, color: t.accent, format: (value) => `actual ${scientific(value)}` },
    ],
  });
}

/** How far the gradients of the two halves of a batch agree. @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function shatteringOption(model, t) {
  const view = model.samples.series('shattering.correlation')?.view(STEPS) ?? null;
  if (view === null) return null;
  return lines(model, t, {
    left: 52,
    y: { min: view.min < 0 ? -1 : 0, max: 1, interval: 0.5, axisLabel: { formatter: (value) => decimal(value, 1) } },
    references: [reference(t, 0, 'nothing in common')],
    of: [{ id: 'correlation', view, color: t.accent, format: (value) => `correlation ${decimal(value)}` }],
  });
}

/** Processors and memory, one above the other. @param {import('../state/run-model.js').RunModel} model @param {import('../theme.js').Theme} t */
export function resourcesOption(model, t) {
  const view = (name) => model.samples.series(`resources.${name}`)?.view(STEPS) ?? null;
  const processors = [
    { id: 'process', view: view('process_cpu'), color: t.accent, format: (value) => `process ${decimal(value, 2)} processors` },
    { id: 'gpu', view: view('gpu'), color: t.warning, format: (value) => `GPU ${percent(value, 0)} busy` },
  ];
  const memory = [
    { id: 'resident', view: view('resident_bytes'), color: t.accent, format: (value) => `process ${bytes(value)}` },
    { id: 'heap', view: view('heap_bytes'), color: t.second, format: (value) => `heap ${bytes(value)}` },
    { id: 'gpu-memory', view: view('gpu_bytes'), color: t.warning, format: (value) => `GPU ${bytes(value)}` },
  ];
  const all = [...processors, ...memory].filter((one) => one.view !== null);
  if (all.length === 0) return null;
  const name = (text) => ({ name: text, nameTextStyle: { color: t.muted, align: 'left', padding: [0, 0, 4, -48] } });
  const drawn = (list, index) => list.map((one) => line(one.id, one.view?.smooth ?? new Float64Array(0), { name: one.id, xAxisIndex: index, yAxisIndex: index, silent: false, lineStyle: { width: 2, color: one.color }, markLine: markLine(markLines(t, model.marks, shownRange(model))) }));
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model, all) },
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    grid: [
      { left: 64, right: 16, top: 32, height: '30%' },
      { left: 64, right: 16, bottom: 28, height: '32%' },
    ],
    xAxis: [iterationAxis(t, shownRange(model), { gridIndex: 0, axisLabel: { show: false } }), iterationAxis(t, shownRange(model), { gridIndex: 1 })],
    yAxis: [axis(t, { gridIndex: 0, min: 0, splitNumber: 2, ...name('processors'), axisLabel: { formatter: (value) => decimal(value, 1) } }), axis(t, { gridIndex: 1, min: 0, splitNumber: 2, ...name('memory'), axisLabel: { formatter: bytes } })],
    series: [...drawn(processors, 0), ...drawn(memory, 1)],
  };
}

function lines(model, t, { left, y, references, of }) {
  const list = of.filter((one) => one.view !== null);
  return {
    ...base(t),
    tooltip: { ...base(t).tooltip, formatter: (items) => describe(items, model, list) },
    grid: { left, right: 16, top: 20, bottom: 28 },
    xAxis: iterationAxis(t, shownRange(model)),
    yAxis: axis(t, y),
    series: list.flatMap(({ id, view, color, style }, index) => [
      // few samples are dots: a line alone would look like many
      line(id, view.smooth, { name: id, silent: false, showSymbol: view.points <= 60, symbolSize: 5, itemStyle: { color }, lineStyle: { width: 2, color, ...style }, ...(index === 0 ? { markLine: markLine([...references, ...markLines(t, model.marks, shownRange(model))]) } : {}) }),
      brokenRail(t, `${id}-broken`, view.broken, Number.isFinite(view.min) ? view.min : 0),
    ]),
  };
}

function pairs(values) {
  const result = new Float64Array(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    result[2 * i] = i;
    result[2 * i + 1] = values[i];
  }
  return result;
}

function describe(items, model, list) {
  const given = Array.isArray(items) ? items : [items];
  const words = list.map(({ id, format }) => {
    const value = given.find((item) => item.seriesName === id)?.value?.[1];
    return value === undefined ? null : format(value);
  });
  const iteration = Math.round(given[0]?.axisValue ?? 0);
  return [`iteration ${integer(iteration)}`, ...words, ...toldNear(model, iteration)].filter(Boolean).join('\n');
}

function describeLayer(layers, newest, sided, layer) {
  const known = (values) => (values === null || Number.isNaN(values[layer] ?? NaN) ? 'not told' : percent(values[layer]));
  return [layers[layer]?.name ?? `layer ${layer}`, `${known(newest)} of pre-activations below zero`, `${known(sided)} of channels (nearly) always`].join('\n');
}
