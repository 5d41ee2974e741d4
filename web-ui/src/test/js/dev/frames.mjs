/** Writes binary frames as docs/api.md specifies them: for the tests and the development server. */

/**
 * @param {Record<string, any>} header without `blocks`
 * @param {{name: string, dtype?: 'f32' | 'f64', shape: number[], data: ArrayLike<number>}[]} blocks
 * @returns {ArrayBuffer}
 */
export function encodeFrame(header, blocks) {
  let offset = 0;
  const placed = blocks.map(({ name, dtype = 'f32', shape, data }) => {
    const block = { name, dtype, shape, offset, data };
    offset += Math.ceil((data.length * (dtype === 'f32' ? 4 : 8)) / 8) * 8;
    return block;
  });
  let json = JSON.stringify({ ...header, blocks: placed.map(({ data, ...description }) => description) });
  while ((8 + Buffer.byteLength(json)) % 8 !== 0) json += ' ';
  const head = Buffer.from(json, 'utf8');
  const buffer = new ArrayBuffer(8 + head.length + offset);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  bytes.set(Buffer.from('GWF1'), 0);
  view.setUint32(4, head.length, true);
  bytes.set(head, 8);
  for (const { dtype, offset: start, data } of placed) {
    const position = 8 + head.length + start;
    for (let i = 0; i < data.length; i++) {
      if (dtype === 'f32') view.setFloat32(position + 4 * i, data[i], true);
      else view.setFloat64(position + 8 * i, data[i], true);
    }
  }
  return buffer;
}

/**
 * A points frame from plain points.
 *
 * @param {{run: string, seqFrom: number, prev: number, layers: number, batchNorms?: number, attempt?: number, source?: string, dropped?: number,
 *   conflated?: boolean, producedAt?: number}} header
 * @param {Record<string, any>[]} points each: iteration, and by block name a number or an array
 */
export function pointsFrame(header, points) {
  const names = Object.keys(points[0]);
  const blocks = names.map((name) => {
    const first = points[0][name];
    const shape = Array.isArray(first) || ArrayBuffer.isView(first) ? [points.length, first.length] : [points.length];
    return { name, dtype: /** @type {any} */ (name === 'iteration' ? 'f64' : 'f32'), shape, data: points.flatMap((point) => (shape.length === 2 ? [...point[name]] : [point[name]])) };
  });
  return encodeFrame(
    { type: 'points', attempt: 1, source: 'live', points: points.length, seqTo: header.seqFrom + points.length - 1, conflated: false, batchNorms: 0, dropped: 0, producedAt: 0, sentAt: 0, ...header },
    blocks,
  );
}
