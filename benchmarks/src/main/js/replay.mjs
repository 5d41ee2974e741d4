/**
 * Watches a run live, replays it through the real service, and compares what the charts would draw, number by number. The models are the page's
 * own: LiveSocket, Replay, RunSession and RunModel of web-ui. Then seeks at random and says how long that took.
 *
 *   node --experimental-websocket replay.mjs SERVICE-URL RUN [--speed 1000] [--seeks 20] [--no-live] [--json]
 *
 * Start it before the run (it waits for it), or with --no-live afterwards. Exit code 1: the data differ.
 */
import { parseArgs } from 'node:util';
import { LiveSocket } from '../../../../web-ui/src/main/resources/META-INF/resources/js/net/socket.js';
import * as api from '../../../../web-ui/src/main/resources/META-INF/resources/js/net/api.js';
import { Replay } from '../../../../web-ui/src/main/resources/META-INF/resources/js/state/replay.js';
import { RunSession } from '../../../../web-ui/src/main/resources/META-INF/resources/js/state/run-session.js';
import { Store } from '../../../../web-ui/src/main/resources/META-INF/resources/js/state/store.js';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { speed: { type: 'string', default: '1000' }, seeks: { type: 'string', default: '20' }, 'no-live': { type: 'boolean' }, json: { type: 'boolean' } },
});
const [service, id] = positionals;
if (!service || !id) {
  console.error('usage: replay.mjs SERVICE-URL RUN [--speed N] [--seeks N] [--no-live] [--json]');
  process.exit(2);
}

const fetchAt = globalThis.fetch;
globalThis.fetch = (path, more) => fetchAt(new URL(path, service), more);
let unanswered = 0;
const url = api.liveUrl({ protocol: new URL(service).protocol, host: new URL(service).host });

/** A session that acknowledges what it has taken at once, as a page that paints often enough; counts what it got. */
function follow(source, store) {
  const counted = { frames: 0, points: 0, conflated: 0, older: 0 };
  const session = new RunSession(id, {
    socket: {
      subscribe: (run, subscriber) =>
        source.subscribe(run, { onMessage: (message) => subscriber.onMessage(message), onFrame: (frame) => {
          counted.frames++;
          counted.points += frame.header.points;
          counted.conflated += frame.header.conflated ? 1 : 0;
          subscriber.onFrame(frame);
          session.drawn();
        } }, { backfill: 5000 }),
      ack: (run) => source.ack(run),
    },
    store,
    api: { ...api, getSeries: (...query) => asked(counted, api.getSeries(...query)), getHeatmap: (...query) => asked(counted, api.getHeatmap(...query)) },
  });
  session.open();
  return { session, store, counted };
}

/** Counts questions to history, and how many have not been answered. */
function asked(counted, answer) {
  counted.older++;
  unanswered++;
  return answer.finally(() => unanswered--);
}

const until = async (condition, seconds, what) => {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`${what} has not happened within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** Everything that the charts read, as plain data. The newest samples by layer come with the frames that hold any, so they depend on how points are framed. */
function chartData({ session: { model }, store }) {
  const fields = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));
  const series = (one) => fields(one, ['width', 'length', 'finite', 'sum', 'min', 'max', 'nan', 'inf']);
  const grid = (one) => fields(one, ['rows', 'width', 'length', 'finite', 'sum', 'min', 'max', 'nan', 'inf']);
  const sampled = ['curvature.predicted_change', 'curvature.actual_change', 'shattering.correlation', 'resources.process_cpu', 'resources.heap_bytes'];
  return {
    iteration: model.iteration,
    attempt: model.attempt,
    newest: model.newest,
    dropped: model.dropped,
    producedAt: model.producedAt,
    scalars: Object.fromEntries(Object.entries(model.scalars).map(([name, one]) => [name, series(one)])),
    grids: Object.fromEntries([...model.grids].map(([name, one]) => [name, grid(one)])),
    sampledSeries: Object.fromEntries(sampled.map((name) => [name, model.samples.series(name)]).filter(([, one]) => one).map(([name, one]) => [name, series(one)])),
    latest: Object.fromEntries([...model.latest].filter(([name]) => /^(gradient|update|parameter|bn)\./.test(name) && !/\.(min|max)$/.test(name))),
    epochs: [...model.epochs.values()].sort((a, b) => a.epoch - b.epoch),
    alerts: store.alerts(id).map(({ id: alert, state, severity, firedIteration, cutLayer }) => ({ alert, state, severity, firedIteration, cutLayer })).sort((a, b) => a.alert.localeCompare(b.alert)),
  };
}

/** Paths at which two values differ, NaN being equal to NaN; and how many numbers were compared. */
function differences(a, b, path, found) {
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) {
    found.compared++;
    if (!Object.is(a, b)) found.paths.push(`${path}: ${a} and ${b}`);
    return found;
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) {
    if (found.paths.length > 20) break;
    differences(a[key], b[key], `${path}.${key}`, found);
  }
  return found;
}

const socket = new LiveSocket(url, { WebSocket: globalThis.WebSocket });
socket.connect();
await until(() => socket.connection === 'open', 10, 'the connection');
const result = { run: id };
let live = null;

if (!options['no-live']) {
  const store = new Store();
  socket.addEventListener('message', ({ detail }) => detail.type === 'alert' && detail.alert.runId === id && store.putAlert(detail.alert));
  live = follow(socket, store);
  await until(() => ['finished', 'stopped', 'failed'].includes(live.session.model.run?.state), 600, 'the end of the run');
  await until(() => live.session.model.iteration >= (live.session.model.run.iteration ?? 0), 30, 'its last iteration');
  await new Promise((resolve) => setTimeout(resolve, 2500));
  result.live = live.counted;
}

const replay = new Replay([id], { socket }, { speed: Number(options.speed), paused: true });
const again = follow(replay.source(id), new Store());
replay.start();
await until(() => replay.state === 'paused', 30, 'the start of the replay');
const begun = performance.now();
let cpu = process.cpuUsage();
replay.play();
await until(() => replay.state === 'ended' || replay.state === 'failed', 590, 'the end of the replay');
cpu = process.cpuUsage(cpu);
result.replay = { seconds: round((performance.now() - begun) / 1000), clientCpuSeconds: round((cpu.user + cpu.system) / 1e6), ...again.counted };

if (live) {
  const found = differences(chartData(live), chartData(again), 'data', { compared: 0, paths: [] });
  result.compared = found.compared;
  result.differences = found.paths;
}

replay.pause();
const [first, last] = replay.bounds;
const latencies = [];
let random = 42;
for (let i = 0; i < Number(options.seeks); i++) {
  random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
  const iteration = first + (random % (last - first + 1));
  await until(() => unanswered === 0, 20, 'the older part');
  await new Promise((resolve) => setTimeout(resolve, 200));
  const begin = performance.now();
  replay.seek(iteration);
  await until(() => replay.target === null && again.session.model.iteration === iteration, 20, `iteration ${iteration}`);
  latencies.push(performance.now() - begin);
}
latencies.sort((a, b) => a - b);
if (latencies.length > 0) result.seek = { count: latencies.length, medianMs: round(latencies[latencies.length >> 1]), maxMs: round(latencies[latencies.length - 1]) };
replay.stop();
socket.close();
console.log(options.json ? JSON.stringify(result) : result);
process.exit(result.differences?.length > 0 ? 1 : 0);

function round(value) {
  return Math.round(value * 100) / 100;
}
