/**
 * Viewers of live runs over the real WebSocket, with the page's own LiveSocket, and one that has stopped reading. Every period a line: what came,
 * how old the newest point of a frame was on arrival (by the trainer's stamp), and how the service is.
 *
 *   node --experimental-websocket live-viewers.mjs SERVICE-URL PREFIX [--runs 16] [--viewers 19] [--stalled 0] [--seconds 120] [--period 30] [--pid SERVICE-PID]
 *
 * Viewer n watches run PREFIX(n modulo runs). Points that a viewer missed between its first and its last iteration are counted; exit code 1 when
 * there are any.
 */
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import { liveUrl } from '../../../../web-ui/src/main/resources/META-INF/resources/js/net/api.js';
import { LiveSocket } from '../../../../web-ui/src/main/resources/META-INF/resources/js/net/socket.js';

const number = (value) => ({ type: /** @type {'string'} */ ('string'), default: String(value) });
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: number(16), viewers: number(19), stalled: number(0), seconds: number(120), period: number(30), pid: { type: 'string' } },
});
const [service, prefix] = positionals;
if (!service || !prefix) {
  console.error('usage: live-viewers.mjs SERVICE-URL PREFIX [--runs N] [--viewers N] [--stalled N] [--seconds N] [--period N] [--pid PID]');
  process.exit(2);
}
const [runs, viewers, stalled, seconds, period] = [options.runs, options.viewers, options.stalled, options.seconds, options.period].map(Number);
const { host, hostname, port } = new URL(service);
const runOf = (viewer) => `${prefix}${viewer % runs}`;

const watching = Array.from({ length: viewers }, (_, viewer) => watch(runOf(viewer)));
for (let i = 0; i < stalled; i++) stall(runOf(i));

function watch(run) {
  const seen = { run, points: 0, frames: 0, conflated: 0, first: -1, last: -1, bytes: 0 };
  const socket = new LiveSocket(liveUrl({ protocol: 'http:', host }));
  socket.subscribe(run, {
    onMessage: () => {},
    onFrame: ({ header, blocks }) => {
      const iterations = blocks.get('iteration').data;
      if (seen.first < 0) seen.first = header.iterationFrom ?? iterations[0];
      seen.last = iterations[iterations.length - 1];
      const counts = header.conflated ? blocks.get('count').data : null;
      seen.points += counts ? counts.reduce((sum, count) => sum + count, 0) : header.points;
      seen.frames++;
      if (header.conflated) seen.conflated++;
      if (header.source === 'live') ages.push(Date.now() - header.producedAt);
      socket.ack(run);
    },
  }, { backfill: 0 });
  socket.connect();
  return seen;
}

/** Asks for a run and then takes nothing more from the network, as a browser whose process stands still. */
function stall(run) {
  const socket = connect(Number(port), hostname, () => {
    socket.write(`GET /api/v1/live HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
  });
  socket.once('data', () => {
    const text = Buffer.from(JSON.stringify({ subscribe: run, backfill: 5000 }));
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])); // masked with zeros
    socket.pause();
  });
  socket.on('error', () => {});
  socket.on('close', () => console.error(`${new Date().toISOString()} the stalled viewer was cut off`));
}

/** @type {number[]} */
let ages = [];
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;

function processOf() {
  if (!options.pid) return {};
  const status = readFileSync(`/proc/${options.pid}/status`, 'utf8');
  const of = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
  return { residentMb: Math.round(of('VmRSS') / 1024), threads: of('Threads') };
}

async function metrics() {
  const text = await (await fetch(new URL('/metrics', service))).text();
  const of = (name) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  return { lag: of('gradwatch_ingest_lag_records'), heap: of('gradwatch_heap_bytes') };
}

const dropped = async () => {
  const { items } = await (await fetch(new URL(`/api/v1/runs?limit=${Math.min(50, runs)}`, service))).json();
  return items.reduce((sum, run) => sum + (run.dropped ?? 0), 0);
};

console.log('| s | points | frames a viewer and second | conflated | arrival p50 | p99 | max ms | lag, most | heap, least and most MB | resident MB | threads |\n|---|---|---|---|---|---|---|---|---|---|---|');
const begun = Date.now();
const before = { frames: 0 };
for (let end = period; end <= seconds; end += period) {
  const heaps = [];
  let lag = 0;
  while (Date.now() < begun + 1000 * end) {
    await new Promise((done) => setTimeout(done, 1000));
    const now = await metrics().catch(() => null);
    if (now) {
      heaps.push(now.heap / 1e6);
      lag = Math.max(lag, now.lag);
    }
  }
  const sorted = ages.sort((a, b) => a - b);
  ages = [];
  const frames = watching.reduce((sum, { frames: n }) => sum + n, 0);
  const { residentMb = '', threads = '' } = processOf();
  console.log(`| ${end} | ${watching.reduce((sum, { points }) => sum + points, 0)} | ${((frames - before.frames) / viewers / period).toFixed(1)} | ${watching.reduce((sum, { conflated }) => sum + conflated, 0)} | ${quantile(sorted, 0.5)} | ${quantile(sorted, 0.99)} | ${sorted.at(-1)} | ${lag} | ${Math.min(...heaps).toFixed(0)} to ${Math.max(...heaps).toFixed(0)} | ${residentMb} | ${threads} |`);
  before.frames = frames;
}
const missing = watching.reduce((sum, { first, last, points }) => sum + (last - first + 1 - points), 0);
const silent = watching.filter(({ points }) => points === 0).length;
console.log(`\n${viewers} viewers, ${watching.reduce((sum, { points }) => sum + points, 0)} points, ${missing} missing; ${silent} viewers without any; dropped by trainers: ${await dropped()}`);
process.exit(missing === 0 && silent === 0 ? 0 : 1);
