/**
 * What of a chart moves with every iteration, drawn by itself: axes, text and older lines, nine tenths of the work, stay as they are until
 * something else changes. Series say it of themselves: `live` ones (a line of pairs in a typed array, or a scatter of circles and diamonds) are
 * drawn here, on top of what ECharts drew; `aged` ones may be drawn a little later than they change. Pure.
 *
 * @typedef {{x: number, y: number, size: number, diamond: boolean}} Dot in pixels
 * @typedef {{z: number, style: any, lines: [number, number][][], dots: Dot[]}} Shape what has one style
 */

/** @param {any} option */
export function isLive(option) {
  return option.series.some(({ live }) => live === true);
}

/** All that needs a whole drawing when it changes, as text. @param {any} option */
export function settled(option) {
  return JSON.stringify({ ...option, series: option.series.map((one) => (one.live || one.aged ? { ...one, data: null } : one)) });
}

/** The option for ECharts: live series keep their values for tooltips, and are not seen. @param {any} option */
export function unseen(option) {
  return { ...option, series: option.series.map((one) => (one.live ? (one.type === 'line' ? { ...one, lineStyle: { ...one.lineStyle, opacity: 0 } } : { ...one, data: [] }) : one)) };
}

/**
 * @param {any} option
 * @param {(x: number, y: number) => [number, number]} place on the chart, in pixels
 * @returns {Map<string, Shape>} by a name that stays the same while the style does
 */
export function shapes(option, place) {
  const all = new Map();
  for (const one of option.series) {
    if (!one.live) continue;
    if (one.type === 'line') all.set(one.id, { z: one.z, style: { fill: null, stroke: one.lineStyle.color, lineWidth: one.lineStyle.width, lineJoin: 'bevel' }, lines: pieces(one.data, place), dots: [] });
    else for (const point of one.data) dot(all, one, point, place);
  }
  return all;
}

/** Lines that break where a value is missing. @param {Float64Array} data */
function pieces(data, place) {
  const lines = [];
  let open = null;
  for (let i = 0; i < data.length; i += 2) {
    if (Number.isNaN(data[i]) || Number.isNaN(data[i + 1])) open = null;
    else {
      if (open === null) lines.push((open = []));
      open.push(place(data[i], data[i + 1]));
    }
  }
  return lines;
}

function dot(all, { id, z }, { value, symbol, symbolSize, itemStyle }, place) {
  if (Number.isNaN(value[0]) || Number.isNaN(value[1])) return;
  const { color, borderColor = null, borderWidth = 0 } = itemStyle;
  const name = `${id} ${color} ${borderColor}`;
  if (!all.has(name)) all.set(name, { z, style: { fill: color, stroke: borderColor, lineWidth: borderWidth }, lines: [], dots: [] });
  const [x, y] = place(value[0], value[1]);
  all.get(name).dots.push({ x, y, size: symbolSize, diamond: symbol === 'diamond' });
}

/** Draws it. @param {any} context of a canvas, or what looks like one @param {{lines: [number, number][][], dots: Dot[]}} shape */
export function trace(context, { lines, dots }) {
  for (const [[x, y], ...rest] of lines) {
    context.moveTo(x, y);
    for (const [nextX, nextY] of rest) context.lineTo(nextX, nextY);
  }
  for (const { x, y, size, diamond } of dots) {
    const r = size / 2;
    if (diamond) {
      context.moveTo(x, y - r);
      context.lineTo(x + r, y);
      context.lineTo(x, y + r);
      context.lineTo(x - r, y);
      context.closePath();
    } else {
      context.moveTo(x + r, y);
      context.arc(x, y, r, 0, Math.PI * 2);
    }
  }
}
