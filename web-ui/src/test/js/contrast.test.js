import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { BROKEN, css } from '../../main/resources/META-INF/resources/js/charts/palette.js';

const SHEET = readFileSync(new URL('../../main/resources/META-INF/resources/css/tokens.css', import.meta.url), 'utf8');

/** The colours that a rule of the style sheet sets. @param {string} selector */
function tokens(selector) {
  const start = SHEET.indexOf(`${selector} {`);
  assert.ok(start >= 0, `no rule ${selector}`);
  const body = SHEET.slice(start, SHEET.indexOf('}', start));
  return Object.fromEntries([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map(([, name, colour]) => [name, colour]));
}

const THEMES = { light: tokens(':root'), dark: tokens(':root[data-theme="dark"]') };
/** Where text stands. */
const GROUNDS = ['bg', 'card', 'sunken'];
/** Text, of any size. */
const WORDS = ['text', 'muted', 'faint', 'accent', 'second', 'critical', 'warning', 'good', 'replay', 'broken'];
/** Text and its own soft ground. */
const OWN = [['critical', 'critical-soft'], ['warning', 'warning-soft'], ['good', 'good-soft'], ['replay', 'replay-soft'], ['text', 'critical-soft'], ['text', 'warning-soft'], ['text', 'good-soft'], ['text', 'replay-soft'], ['muted', 'critical-soft'], ['muted', 'warning-soft'], ['muted', 'good-soft'], ['muted', 'replay-soft']];
/** White or dark words on a strong ground. */
const FILLED = ['accent', 'critical', 'replay'];
/** Lines and marks on charts, and the outline of the focus: 3:1 is enough for what is no text. */
const MARKS = ['accent', 'second', 'critical', 'warning', 'good', 'broken', 'focus', 'muted'];
const AA_TEXT = 4.5;
const AA_MARKS = 3;

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255);
const linear = (channel) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const luminance = (rgb) => rgb.map(linear).reduce((sum, channel, i) => sum + channel * [0.2126, 0.7152, 0.0722][i], 0);

/** WCAG 2.2's contrast ratio. @param {string} a @param {string} b */
function contrast(a, b) {
  const [light, dark] = [luminance(channels(a)), luminance(channels(b))].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

/** How far two colours are apart for an eye that lacks a cone: the distance in CIE Lab of what Viénot's simulation leaves of them. @param {number[]} rgb linear */
const SIMULATIONS = {
  protanopia: [[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
  deuteranopia: [[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
};

function lab(rgb) {
  const [r, g, b] = rgb;
  const xyz = [(0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047, 0.2126 * r + 0.7152 * g + 0.0722 * b, (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883];
  const [x, y, z] = xyz.map((t) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function distance(a, b, matrix) {
  const seen = (hex) => {
    const rgb = channels(hex).map(linear);
    return lab(matrix.map((row) => Math.max(0, row.reduce((sum, weight, i) => sum + weight * rgb[i], 0))));
  };
  return Math.hypot(...seen(a).map((value, i) => value - seen(b)[i]));
}

test('the ratio is WCAG’s', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.ok(Math.abs(contrast('#777777', '#ffffff') - 4.48) < 0.01);
});

for (const [theme, colours] of Object.entries(THEMES)) {
  describe(`${theme} colours`, () => {
    test('text can be read on every ground', () => {
      const pairs = [...WORDS.flatMap((word) => GROUNDS.map((ground) => [word, ground])), ...OWN, ...FILLED.map((ground) => ['card', ground])];
      const low = pairs.filter(([word, ground]) => !(contrast(colours[word], colours[ground]) >= AA_TEXT)).map(([word, ground]) => `${word} on ${ground}: ${contrast(colours[word], colours[ground]).toFixed(2)}`);
      assert.deepEqual(low, []);
    });

    test('lines and marks are seen on a card', () => {
      const low = MARKS.filter((mark) => !(contrast(colours[mark], colours.card) >= AA_MARKS));
      assert.deepEqual(low, []);
    });

    test('lines that share a chart differ for red-green blind eyes, too', () => {
      const pairs = [['accent', 'second'], ['accent', 'critical'], ['accent', 'warning'], ['accent', 'broken'], ['second', 'replay']];
      for (const [eye, matrix] of Object.entries(SIMULATIONS)) {
        for (const [a, b] of pairs) assert.ok(distance(colours[a], colours[b], matrix) > 25, `${a} and ${b} for ${eye}: ${distance(colours[a], colours[b], matrix).toFixed(0)}`);
      }
    });
  });
}

test('both ways to dark have the same colours', () => assert.deepEqual(tokens(':root:not([data-theme="light"])'), THEMES.dark));

describe('the ramp of heat maps', () => {
  const hex = (share) => `#${css(share).match(/\d+/g).map((value) => Number(value).toString(16).padStart(2, '0')).join('')}`;

  test('grows lighter all the way, so that it is read without colours', () => {
    const steps = Array.from({ length: 33 }, (_, i) => lab(channels(hex(i / 32)).map(linear))[0]);
    steps.slice(1).forEach((lightness, i) => assert.ok(lightness > steps[i], `step ${i + 1}: ${lightness} after ${steps[i]}`));
  });

  test('NaN is like no colour of it, whatever the eye', () => {
    for (const [eye, matrix] of Object.entries(SIMULATIONS)) {
      const nearest = Math.min(...Array.from({ length: 33 }, (_, i) => distance(BROKEN, hex(i / 32), matrix)));
      assert.ok(nearest > 20, `${eye}: ${nearest.toFixed(0)}`);
    }
  });
});
