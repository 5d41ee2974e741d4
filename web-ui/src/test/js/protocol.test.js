import { test, describe } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { decodeFrame, FrameError, jsonNumber, placeFrame } from '../../main/resources/META-INF/resources/js/net/protocol.js';
import { encodeFrame, pointsFrame } from './dev/frames.mjs';

const GOLDEN = new URL('../../../../contract/src/test/resources/golden/frames/', import.meta.url);
const point = (iteration, gradient) => ({ iteration, loss: 4.5, flags: 0, 'gradient.mean_abs': gradient });
const frame = () => pointsFrame({ run: 'r', seqFrom: 101, prev: 100, layers: 2 }, [point(7, [1e-18, 2]), point(8, [NaN, Infinity])]);

/** The frame with its header changed. */
function withHeader(change) {
  const buffer = frame();
  const length = new DataView(buffer).getUint32(4, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 8, length)));
  change(header);
  let json = JSON.stringify(header);
  while ((8 + json.length) % 8 !== 0) json += ' ';
  const changed = new Uint8Array(8 + json.length + buffer.byteLength - 8 - length);
  changed.set(new Uint8Array(buffer, 0, 8));
  new DataView(changed.buffer).setUint32(4, json.length, true);
  changed.set(new TextEncoder().encode(json), 8);
  changed.set(new Uint8Array(buffer, 8 + length), 8 + json.length);
  return changed.buffer;
}

describe('decodeFrame', () => {
  test('reads header and blocks', () => {
    const { header, blocks } = decodeFrame(frame());
    assert.equal(header.run, 'r');
    assert.equal(header.seqTo, 102);
    assert.deepEqual([...blocks.get('iteration').data], [7, 8]);
    assert.ok(blocks.get('iteration').data instanceof Float64Array);
    assert.deepEqual([...blocks.get('gradient.mean_abs').data], [Math.fround(1e-18), 2, NaN, Infinity]);
  });

  test('does not copy the blocks', () => {
    const buffer = frame();
    assert.equal(decodeFrame(buffer).blocks.get('loss').data.buffer, buffer);
  });

  test('reads every golden frame exactly', () => {
    const names = readdirSync(GOLDEN).filter((name) => name.endsWith('.bin'));
    assert.ok(names.length >= 3, 'golden frames are missing');
    for (const name of names) {
      const file = readFileSync(new URL(name, GOLDEN));
      const expected = JSON.parse(readFileSync(new URL(name.replace('.bin', '.json'), GOLDEN), 'utf8'));
      const { header, blocks } = decodeFrame(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
      assert.deepEqual(header, expected.header, name);
      assert.deepEqual([...blocks.keys()].sort(), Object.keys(expected.blocks).sort(), name);
      for (const [block, values] of Object.entries(expected.blocks)) {
        const { data } = blocks.get(block);
        const wanted = values.map(jsonNumber);
        assert.deepEqual([...data], data instanceof Float32Array ? wanted.map(Math.fround) : wanted, `${name}: ${block}`);
      }
    }
  });

  for (const [what, make, says] of [
    ['a text', () => 'GWF1', /invalid frame: expected an ArrayBuffer, got string/],
    ['too few bytes', () => new ArrayBuffer(4), /invalid frame: 4 bytes/],
    ['another magic', () => new Uint8Array(16).buffer, /invalid magic: 0 0 0 0/],
    ['a header longer than the frame', () => frame().slice(0, 64), /invalid header length/],
    ['a header that is not JSON', () => broken(), /invalid header/],
    ['an unknown type', () => withHeader((h) => (h.type = 'movie')), /unknown frame type: movie/],
    ['no blocks', () => withHeader((h) => (h.blocks = null)), /invalid blocks: null/],
    ['an unknown number type', () => withHeader((h) => (h.blocks[0].dtype = 'i64')), /invalid dtype of iteration: i64/],
    ['an unaligned block', () => withHeader((h) => (h.blocks[0].offset = 4)), /invalid offset of iteration: 4/],
    ['a block beyond the end', () => withHeader((h) => (h.blocks[3].offset = 800)), /invalid block gradient.mean_abs: ends at/],
    ['a negative shape', () => withHeader((h) => (h.blocks[1].shape = [-2])), /invalid shape of loss: \[-2\]/],
    ['a shape of other points', () => withHeader((h) => (h.blocks[1].shape = [1])), /invalid shape of loss: 1, the frame has 2 points/],
    ['a shape of other layers', () => withHeader((h) => (h.layers = 3)), /invalid shape of gradient.mean_abs: 2,2, expected 3/],
    ['the same block twice', () => withHeader((h) => (h.blocks[1].name = 'iteration')), /duplicate block: iteration/],
    ['no iterations', () => withHeader((h) => (h.blocks[0].name = 'time')), /missing block: iteration/],
    ['a sequence number that is none', () => withHeader((h) => (h.seqTo = 1.5)), /invalid seqTo: 1.5/],
    ['a prev below -1', () => withHeader((h) => (h.prev = -2)), /invalid prev: -2/],
  ]) {
    test(`rejects ${what} with a message`, () => {
      assert.throws(() => decodeFrame(make()), (error) => error instanceof FrameError && says.test(error.message));
    });
  }

  test('rejects a heat map without counts', () => {
    const buffer = encodeFrame({ type: 'heatmap', metric: 'loss', from: 0, to: 1, width: 1, rows: 0, columns: 0 }, [{ name: 'starts', dtype: 'f64', shape: [0], data: [] }]);
    assert.throws(() => decodeFrame(buffer), /missing block: mean/);
  });
});

describe('placeFrame', () => {
  const header = (prev, seqTo) => ({ prev, seqTo });
  test('takes any first frame', () => assert.equal(placeFrame(null, header(40, 44)), 'take'));
  test('takes the frame that follows', () => assert.equal(placeFrame(40, header(40, 44)), 'take'));
  test('ignores what was seen', () => assert.equal(placeFrame(44, header(40, 44)), 'ignore'));
  test('sees a gap', () => assert.equal(placeFrame(38, header(40, 44)), 'gap'));
  test('takes the very first frame of a run after none', () => assert.equal(placeFrame(-1, header(-1, 0)), 'take'));
});

test('jsonNumber reads NaN and infinities, and null for what was not measured', () => {
  assert.deepEqual([1.5, 'NaN', 'Infinity', '-Infinity', null, undefined].map(jsonNumber), [1.5, NaN, Infinity, -Infinity, null, null]);
});

function broken() {
  const buffer = frame();
  new Uint8Array(buffer)[8] = 0x21;
  return buffer;
}
