/** The server's side of a WebSocket (RFC 6455), as much as the development server needs: text and binary messages up to 64 KiB from the client. */
import { createHash } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:stream').Duplex} stream
 * @param {(text: string) => void} onText
 * @param {() => void} onClose
 */
export function acceptWebSocket(request, stream, onText, onClose) {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64');
  stream.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  let pending = Buffer.alloc(0);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    stream.destroy();
    onClose();
  };
  stream.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let frame = take(); frame; frame = take()) {
      if (frame.opcode === 8) return close();
      if (frame.opcode === 1) onText(frame.payload.toString('utf8'));
    }
  });
  stream.on('close', close);
  stream.on('error', close);

  function take() {
    if (pending.length < 2) return null;
    let length = pending[1] & 127;
    let position = 2;
    if (length === 126) {
      if (pending.length < 4) return null;
      length = pending.readUInt16BE(2);
      position = 4;
    } else if (length === 127) throw new Error('message too long');
    if (pending.length < position + 4 + length) return null;
    const mask = pending.subarray(position, position + 4);
    const payload = Buffer.from(pending.subarray(position + 4, position + 4 + length)).map((byte, i) => byte ^ mask[i % 4]);
    const opcode = pending[0] & 15;
    pending = pending.subarray(position + 4 + length);
    return { opcode, payload };
  }

  function send(opcode, payload) {
    if (!open) return;
    const head = payload.length < 126 ? Buffer.from([128 | opcode, payload.length]) : payload.length < 65536 ? Buffer.from([128 | opcode, 126, payload.length >> 8, payload.length & 255]) : Buffer.from([128 | opcode, 127, 0, 0, 0, 0, ...u32(payload.length)]);
    stream.write(Buffer.concat([head, payload]));
  }

  return { text: (message) => send(1, Buffer.from(JSON.stringify(message))), binary: (buffer) => send(2, Buffer.from(buffer)), close };
}

function u32(value) {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
