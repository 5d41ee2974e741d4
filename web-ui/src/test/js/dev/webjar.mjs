/** Reads one file out of a jar: enough of the ZIP format to serve ECharts from the local Maven repository. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

/** @param {string} jar @param {string} name @returns {Buffer | null} */
export function readFromJar(jar, name) {
  const bytes = readFileSync(jar);
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end--;
  let entry = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(entry + 28);
    if (bytes.toString('utf8', entry + 46, entry + 46 + nameLength) === name) {
      const local = bytes.readUInt32LE(entry + 42);
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + bytes.readUInt32LE(entry + 20));
      return bytes.readUInt16LE(entry + 10) === 0 ? packed : inflateRawSync(packed);
    }
    entry += 46 + nameLength + bytes.readUInt16LE(entry + 30) + bytes.readUInt16LE(entry + 32);
  }
  return null;
}
