/**
 * Binary frames (docs/api.md, "Frames"): "GWF1", header length, JSON header, little-endian blocks. Pure: bytes in, typed arrays out.
 *
 * @typedef {{name: string, dtype: 'f32' | 'f64', shape: number[], data: Float32Array | Float64Array}} Block
 * @typedef {{type: 'points', run: string, attempt: number, source: string, points: number, seqFrom: number, seqTo: number, prev: number,
 *   conflated: boolean, replay?: string, layers: number, batchNorms: number, iterationFrom?: number, dropped: number, producedAt: number, sentAt: number}} PointsHeader
 * @typedef {{type: 'heatmap', metric: string, from: number, to: number, width: number, rows: number, columns: number}} HeatmapHeader
 * @typedef {{header: PointsHeader, blocks: Map<string, Block>}} PointsFrame
 * @typedef {{header: HeatmapHeader, blocks: Map<string, Block>}} HeatmapFrame
 * @typedef {{type: 'series', from: number, to: number, width: number, buckets: number, series: {run: string, metric: string, layer: number | null, unit: string}[]}} SeriesHeader
 * @typedef {{header: SeriesHeader, blocks: Map<string, Block>}} SeriesFrame
 */

const MAGIC = [0x47, 0x57, 0x46, 0x31];
const BYTES = { f32: 4, f64: 8 };
const HOST_IS_LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** A frame that does not follow the specification; the message names the field and its value. */
export class FrameError extends Error {}

/**
 * Reads a frame. The blocks are views on the buffer, not copies.
 *
 * @param {ArrayBuffer} buffer
 * @returns {PointsFrame | HeatmapFrame | SeriesFrame}
 * @throws {FrameError}
 */
export function decodeFrame(buffer) {
  if (!(buffer instanceof ArrayBuffer)) throw new FrameError(`invalid frame: expected an ArrayBuffer, got ${typeof buffer}`);
  if (buffer.byteLength < 8) throw new FrameError(`invalid frame: ${buffer.byteLength} bytes, at least 8 are needed`);
  const bytes = new Uint8Array(buffer);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw new FrameError(`invalid magic: ${[...bytes.subarray(0, 4)].join(' ')}, expected "GWF1"`);
  const length = new DataView(buffer).getUint32(4, true);
  const start = 8 + length;
  if (start > buffer.byteLength) throw new FrameError(`invalid header length: ${length} in a frame of ${buffer.byteLength} bytes`);
  if (start % 8 !== 0) throw new FrameError(`invalid header length: ${length}, 8 + length must be a multiple of 8`);
  const header = parseHeader(bytes.subarray(8, start));
  const blocks = new Map();
  for (const description of header.blocks) {
    const block = readBlock(buffer, start, description);
    if (blocks.has(block.name)) throw new FrameError(`duplicate block: ${block.name}`);
    blocks.set(block.name, block);
  }
  if (header.type === 'points') checkPoints(header, blocks);
  else if (header.type === 'heatmap') checkHeatmap(header, blocks);
  else if (header.type === 'series') checkSeries(header, blocks);
  else throw new FrameError(`unknown frame type: ${header.type}`);
  return { header, blocks };
}

/**
 * What to do with a points frame, given the last sequence number seen (null: none yet, any frame may come first).
 *
 * @param {number | null} lastSeq
 * @param {PointsHeader} header
 * @returns {'take' | 'ignore' | 'gap'}
 */
export function placeFrame(lastSeq, header) {
  if (lastSeq === null || header.prev === lastSeq) return 'take';
  return header.seqTo <= lastSeq ? 'ignore' : 'gap';
}

/**
 * A number of a JSON answer: "NaN", "Infinity" and "-Infinity" are strings there, null means not measured.
 *
 * @param {unknown} value
 * @returns {number | null}
 */
export function jsonNumber(value) {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return NaN;
  if (value === 'Infinity') return Infinity;
  if (value === '-Infinity') return -Infinity;
  return null;
}

function parseHeader(bytes) {
  let header;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new FrameError(`invalid header: ${error instanceof Error ? error.message : error}`);
  }
  if (header === null || typeof header !== 'object') throw new FrameError(`invalid header: ${JSON.stringify(header)}`);
  if (!Array.isArray(header.blocks)) throw new FrameError(`invalid blocks: ${JSON.stringify(header.blocks)}`);
  return header;
}

/** @returns {Block} */
function readBlock(buffer, start, { name, dtype, shape, offset }) {
  if (typeof name !== 'string' || name === '') throw new FrameError(`invalid block name: ${JSON.stringify(name)}`);
  if (!(dtype in BYTES)) throw new FrameError(`invalid dtype of ${name}: ${dtype}`);
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isCount)) {
    throw new FrameError(`invalid shape of ${name}: ${JSON.stringify(shape)}`);
  }
  if (!isCount(offset) || offset % 8 !== 0) throw new FrameError(`invalid offset of ${name}: ${offset}`);
  const length = shape.reduce((product, n) => product * n, 1);
  if (start + offset + length * BYTES[dtype] > buffer.byteLength) {
    throw new FrameError(`invalid block ${name}: ends at byte ${start + offset + length * BYTES[dtype]} of ${buffer.byteLength}`);
  }
  return { name, dtype, shape, data: numbers(buffer, start + offset, length, dtype) };
}

function numbers(buffer, position, length, dtype) {
  if (HOST_IS_LITTLE_ENDIAN) {
    return dtype === 'f32' ? new Float32Array(buffer, position, length) : new Float64Array(buffer, position, length);
  }
  const view = new DataView(buffer, position);
  return dtype === 'f32'
    ? Float32Array.from({ length }, (_, i) => view.getFloat32(4 * i, true))
    : Float64Array.from({ length }, (_, i) => view.getFloat64(8 * i, true));
}

function checkPoints(header, blocks) {
  if (typeof header.run !== 'string') throw new FrameError(`invalid run: ${JSON.stringify(header.run)}`);
  for (const field of ['points', 'seqFrom', 'seqTo', 'layers', 'batchNorms']) {
    if (!isCount(header[field])) throw new FrameError(`invalid ${field}: ${header[field]}`);
  }
  if (!Number.isInteger(header.prev) || header.prev < -1) throw new FrameError(`invalid prev: ${header.prev}`);
  if (!blocks.has('iteration')) throw new FrameError('missing block: iteration');
  for (const block of blocks.values()) {
    if (block.shape[0] !== header.points) throw new FrameError(`invalid shape of ${block.name}: ${block.shape}, the frame has ${header.points} points`);
    const rows = block.name.startsWith('bn.') ? header.batchNorms : header.layers;
    if (block.shape.length > 1 && block.shape[1] !== rows) throw new FrameError(`invalid shape of ${block.name}: ${block.shape}, expected ${rows} per point`);
  }
}

function checkHeatmap(header, blocks) {
  for (const field of ['rows', 'columns', 'width']) {
    if (!isCount(header[field])) throw new FrameError(`invalid ${field}: ${header[field]}`);
  }
  for (const name of ['starts', 'mean', 'min', 'max', 'nan', 'inf', 'count']) {
    const block = blocks.get(name);
    if (!block) throw new FrameError(`missing block: ${name}`);
    const expected = name === 'starts' ? header.columns : header.rows * header.columns;
    if (block.data.length !== expected) throw new FrameError(`invalid shape of ${name}: ${block.shape}`);
  }
}

function checkSeries(header, blocks) {
  for (const field of ['buckets', 'width']) {
    if (!isCount(header[field])) throw new FrameError(`invalid ${field}: ${header[field]}`);
  }
  if (!Array.isArray(header.series)) throw new FrameError(`invalid series: ${JSON.stringify(header.series)}`);
  for (const name of ['starts', 'mean', 'min', 'max', 'first', 'last', 'nan', 'inf', 'count']) {
    const block = blocks.get(name);
    if (!block) throw new FrameError(`missing block: ${name}`);
    const expected = name === 'starts' ? header.buckets : header.series.length * header.buckets;
    if (block.data.length !== expected) throw new FrameError(`invalid shape of ${name}: ${block.shape}`);
  }
}

/**
 * A frame of series in the form of the JSON answer; buckets without rows are left out.
 *
 * @param {SeriesFrame} frame
 */
export function seriesOf({ header, blocks }) {
  const data = (name) => /** @type {any} */ (blocks.get(name)).data;
  const [starts, mean, min, max, nan, inf, count] = ['starts', 'mean', 'min', 'max', 'nan', 'inf', 'count'].map(data);
  const smoothed = blocks.get('smoothed.mean')?.data;
  const number = (value) => (Number.isNaN(value) ? null : value);
  const series = header.series.map((one, line) => {
    const buckets = [];
    for (let b = 0; b < header.buckets; b++) {
      const i = line * header.buckets + b;
      if (count[i] === 0) continue;
      const bucket = { from: starts[b], to: Math.min(header.to, starts[b] + header.width), count: count[i], min: number(min[i]), max: number(max[i]), mean: number(mean[i]), nan: nan[i], inf: inf[i] };
      buckets.push(smoothed ? { ...bucket, smoothed: Number.isNaN(smoothed[i]) ? null : { mean: smoothed[i] } } : bucket);
    }
    return { ...one, buckets };
  });
  return { from: header.from, to: header.to, width: header.width, series };
}

function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
