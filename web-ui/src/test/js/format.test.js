import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import * as f from '../../main/resources/META-INF/resources/js/format.js';

const plain = (text) => text.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  for (const [call, expected] of [
    [f.integer(47500), '47,500'],
    [f.integer(null), '–'],
    [f.integer(NaN), 'NaN'],
    [f.decimal(4.60517), '4.605'],
    [f.decimal(-0.0001, 2), '0.00'],
    [f.decimal(Infinity), '∞'],
    [f.decimal(-Infinity), '−∞'],
    [f.percent(0.0125), '1.3 %'],
    [f.percent(undefined), '–'],
    [f.scientific(1.6e-15), '1.6×10⁻¹⁵'],
    [f.scientific(0), '0'],
    [f.scientific(-3.24e-5), '-3.2×10⁻⁵'],
    [f.scientific(0.25), '0.25'],
    [f.scientific(123456), '1.2×10⁵'],
    [f.scientific(NaN), 'NaN'],
    [f.setting(Math.fround(0.001)), '0.001'],
    [f.setting(null), '–'],
    [f.power(-18), '10⁻¹⁸'],
    [f.power(0), '10⁰'],
    [f.compact(9999), '9,999'],
    [f.compact(342564), '342.6 k'],
    [f.compact(999_960), '1.0 M'],
    [f.compact(23_700_000), '23.7 M'],
    [f.iterations(400, 416), 'iterations 400–415'],
    [f.iterations(412, 413), 'iteration 412'],
    [f.plural(1, 'layer'), '1 layer'],
    [f.plural(36, 'layer'), '36 layers'],
  ]) {
    test(`says ${expected}`, () => assert.equal(plain(call), expected));
  }
});

describe('durations', () => {
  for (const [ms, expected] of [[0, '0 ms'], [850, '850 ms'], [999.6, '1.0 s'], [4200, '4.2 s'], [59_960, '1 min 00 s'], [200_000, '3 min 20 s'], [3_600_000, '1 h 00 min'], [3_900_000, '1 h 05 min'], [187_200_000, '2 d 4 h'], [null, '–'], [-5, '0 ms']]) {
    test(`${ms} ms is ${expected}`, () => assert.equal(plain(f.duration(ms)), expected));
  }
  test('freshness always has one decimal below a minute', () => {
    assert.equal(plain(f.freshness(180)), '0.2 s');
    assert.equal(plain(f.freshness(12_000)), '12.0 s');
    assert.equal(plain(f.freshness(90_000)), '1 min 30 s');
  });
});

describe('ages', () => {
  const now = Date.parse('2026-11-23T16:00:00.000Z');
  for (const [when, expected] of [['2026-11-23T15:59:55.000Z', 'just now'], ['2026-11-23T15:59:20.000Z', '40 s ago'], ['2026-11-23T15:55:00.000Z', '5 min ago'], ['2026-11-23T12:30:00.000Z', '3 h ago'], ['2026-11-20T16:00:00.000Z', '3 d ago'], ['2026-11-02T16:00:00.000Z', '2 Nov 2026'], [null, '–'], ['never', '–'], ['2026-11-23T16:00:03.000Z', 'just now']]) {
    test(`${when} is ${expected}`, () => assert.equal(plain(f.ago(when, now)), expected));
  }
});
