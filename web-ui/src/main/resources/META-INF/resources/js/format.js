/**
 * Every number, duration and age that the dashboard shows is formatted here. What is not known is an em dash; NaN and infinities say so.
 */
const LOCALE = 'en';
const NBSP = '\u00a0';
export const UNKNOWN = '–';

const integers = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const fixed = new Map();

/** 47,500 @param {number | null | undefined} value */
export function integer(value) {
  return special(value) ?? integers.format(/** @type {number} */ (value));
}

/** A fixed number of decimals; never "-0.00". @param {number | null | undefined} value @param {number} [decimals] */
export function decimal(value, decimals = 3) {
  const word = special(value);
  if (word !== null) return word;
  let format = fixed.get(decimals);
  if (!format) fixed.set(decimals, (format = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, signDisplay: 'negative' })));
  return format.format(/** @type {number} */ (value));
}

/** A share of 1 as a percentage: 12.5 % @param {number | null | undefined} share @param {number} [decimals] */
export function percent(share, decimals = 1) {
  return special(share) ?? `${decimal(/** @type {number} */ (share) * 100, decimals)}${NBSP}%`;
}

/** 1.6×10⁻¹⁵; numbers between 0.01 and 10,000 stay plain. @param {number | null | undefined} value @param {number} [digits] significant ones */
export function scientific(value, digits = 2) {
  const word = special(value);
  if (word !== null) return word;
  const number = /** @type {number} */ (value);
  const size = Math.abs(number);
  if (size === 0) return '0';
  if (size >= 0.01 && size < 10000) return String(Number(number.toPrecision(digits + 1)));
  const [mantissa, exponent] = number.toExponential(digits - 1).split('e');
  return `${mantissa}×${power(Number(exponent))}`;
}

/** A number on an axis: plain from 0.001 on, 5×10⁻⁴ below. @param {number} value */
export function tick(value) {
  const size = Math.abs(value);
  return size === 0 || (size >= 1e-3 && size < 1e4) ? String(Number(value.toPrecision(4))) : scientific(value).replace('.0×', '×');
}

/** A hyper-parameter as people write it: 0.001, 2e-5. @param {number | null | undefined} value */
export function setting(value) {
  return special(value) ?? String(Number(/** @type {number} */ (value).toPrecision(3)));
}

/** 10⁻⁸ @param {number} exponent a whole number */
export function power(exponent) {
  return `10${String(exponent).replace(/./g, (c) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)] ?? '⁻')}`;
}

/** 342.6 k, 1.2 M; plain below 10,000. @param {number | null | undefined} value */
export function compact(value) {
  const word = special(value);
  if (word !== null) return word;
  const number = /** @type {number} */ (value);
  if (Math.abs(number) < 10000) return integers.format(number);
  const [divisor, prefix] = Math.abs(number) < 999_950 ? [1e3, 'k'] : Math.abs(number) < 999_950_000 ? [1e6, 'M'] : [1e9, 'G'];
  return `${decimal(number / divisor, 1)}${NBSP}${prefix}`;
}

/** Milliseconds as a length of time with its two greatest units: 850 ms, 4.2 s, 3 min 20 s, 1 h 05 min, 2 d 4 h. @param {number | null | undefined} ms */
export function duration(ms) {
  const word = special(ms);
  if (word !== null) return word;
  const milliseconds = Math.max(0, /** @type {number} */ (ms));
  if (milliseconds < 999.5) return `${Math.round(milliseconds)}${NBSP}ms`;
  if (milliseconds < 59_950) return `${decimal(milliseconds / 1000, 1)}${NBSP}s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min ${pad(seconds % 60)}${NBSP}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}${NBSP}h ${pad(minutes % 60)}${NBSP}min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}${NBSP}d ${hours % 24}${NBSP}h`;
}

/** How old live data is, always with one decimal below a minute: 0.2 s. @param {number | null | undefined} ms */
export function freshness(ms) {
  const word = special(ms);
  if (word !== null) return word;
  const milliseconds = Math.max(0, /** @type {number} */ (ms));
  return milliseconds < 59_950 ? `${decimal(milliseconds / 1000, 1)}${NBSP}s` : duration(milliseconds);
}

/** How long ago something was, roughly: just now, 5 min ago, 3 h ago, 12 Nov 2026. @param {string | number | null | undefined} when @param {number} now */
export function ago(when, now) {
  if (when === null || when === undefined) return UNKNOWN;
  const time = typeof when === 'number' ? when : Date.parse(when);
  if (Number.isNaN(time)) return UNKNOWN;
  const seconds = Math.max(0, (now - time) / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)}${NBSP}s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}${NBSP}min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}${NBSP}h ago`;
  if (seconds < 7 * 86_400) return `${Math.floor(seconds / 86_400)}${NBSP}d ago`;
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/** When something will be, by the reader's clock: 18:30, or 1 Dec, 18:30 on another day. @param {string | number} when @param {number} now */
export function clock(when, now) {
  const time = new Date(when);
  const day = { day: 'numeric', month: 'short' };
  const hours = { hour: '2-digit', minute: '2-digit' };
  return time.toLocaleString('en-GB', /** @type {any} */ (time.toDateString() === new Date(now).toDateString() ? hours : { ...day, ...hours }));
}

/** "iteration 412" or "iterations 400–415". @param {number} from @param {number} to exclusive */
export function iterations(from, to) {
  return to - from <= 1 ? `iteration ${integer(from)}` : `iterations ${integer(from)}–${integer(to - 1)}`;
}

/** 1 layer, 3 layers @param {number} count @param {string} noun */
export function plural(count, noun) {
  return `${integer(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function special(value) {
  if (value === null || value === undefined) return UNKNOWN;
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '∞';
  if (value === -Infinity) return '−∞';
  return null;
}

function pad(value) {
  return String(value).padStart(2, '0');
}

/** A size in memory: "512 MB", "3.2 GB" (powers of 1000). @param {number | null | undefined} value */
export function bytes(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return UNKNOWN;
  const unit = value >= 1e9 ? ['GB', 1e9] : value >= 1e6 ? ['MB', 1e6] : value >= 1e3 ? ['kB', 1e3] : ['B', 1];
  const size = value / /** @type {number} */ (unit[1]);
  return `${size >= 10 || unit[1] === 1 || Number.isInteger(size) ? Math.round(size) : size.toFixed(1)}\u00a0${unit[0]}`;
}
