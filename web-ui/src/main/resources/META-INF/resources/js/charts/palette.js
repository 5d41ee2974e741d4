/**
 * Colours for heat maps: viridis, which grows lighter all the way and stays readable with any colour vision, as a lookup table. Pure.
 */
const VIRIDIS = ['#440154', '#482878', '#3e4a89', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'];

/** NaN and infinity: a colour that the ramp does not come near, for red-green blind eyes too (contrast.test.js). */
export const BROKEN = '#cd141e';
const STEPS = 256;

const table = ramp(VIRIDIS);

/** Colour of a share 0–1 of the scale as 0xAABBGGRR, the order of canvas pixels on little-endian machines. @param {number} share */
export function pixel(share) {
  return table[Math.max(0, Math.min(STEPS - 1, Math.round(share * (STEPS - 1))))];
}

/** The same as CSS. @param {number} share */
export function css(share) {
  const value = pixel(share);
  return `rgb(${value & 255} ${(value >> 8) & 255} ${(value >> 16) & 255})`;
}

/** Whether dark words can be read on a colour of the ramp, where light ones cannot. @param {number} share */
export function isLight(share) {
  const value = pixel(share);
  return 0.299 * (value & 255) + 0.587 * ((value >> 8) & 255) + 0.114 * ((value >> 16) & 255) > 140;
}

/** The whole ramp as a CSS gradient. @param {string} [direction] */
export function gradient(direction = 'to right') {
  return `linear-gradient(${direction}, ${VIRIDIS.join(', ')})`;
}

/** @param {string} hex #rrggbb */
export function pixelOf(hex) {
  const [r, g, b] = channels(hex);
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** Position of a value on a scale. @param {number} value @param {{log: boolean, range: [number, number]}} scale `range` in decades if log @returns {number} NaN if it has no place */
export function shareOf(value, { log, range: [from, to] }) {
  const position = log ? Math.log10(value) : value;
  if (Number.isNaN(position)) return NaN;
  return Math.max(0, Math.min(1, (position - from) / (to - from || 1)));
}

function ramp(stops) {
  const colours = stops.map(channels);
  return Uint32Array.from({ length: STEPS }, (_, i) => {
    const position = (i / (STEPS - 1)) * (colours.length - 1);
    const low = Math.min(colours.length - 2, Math.floor(position));
    const [r, g, b] = [0, 1, 2].map((c) => Math.round(colours[low][c] + (colours[low + 1][c] - colours[low][c]) * (position - low)));
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

function channels(hex) {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
}
