/** Who is told of alerts: how each channel does, a test for it, and what could not be delivered. */
import { fill, h, icon, text } from '../dom.js';
import * as api from '../net/api.js';
import { ago, integer, plural } from '../format.js';
import { runHref } from '../router.js';
import { failure, loading, message } from './states.js';

const REFRESH_MS = 3000;
const STATES = { ok: 'OK', retrying: 'Trying again', failed: 'Failed' };

/** @param {HTMLElement} root @returns {() => void} disposer */
export function notificationsView(root) {
  const stop = new AbortController();
  const said = h('p.note', { role: 'status', 'data-testid': 'notification-said' });
  const body = h('div.page', {});
  document.title = 'Notifications · Gradwatch';
  fill(root, loading('Loading'));
  let shown = '';

  async function load() {
    try {
      show(await api.getNotifications(stop.signal));
    } catch (error) {
      if (!stop.signal.aborted) {
        shown = '';
        fill(root, failure(error, load));
      }
    }
  }

  function show(status) {
    const key = JSON.stringify(status);
    if (key === shown) return;
    shown = key;
    fill(body, h('h1', {}, 'Notifications'), ...content(status));
    if (body.parentElement !== root) fill(root, body);
  }

  function content({ channels, undelivered, tooOld }) {
    if (channels.length === 0 && undelivered.length === 0) {
      return [message({ title: 'Nobody is told of alerts yet', detail: 'Name a webhook, Slack, an e-mail address or a program in notifications.properties in the data directory, and start the service again. docs/notifications.md has examples.' })];
    }
    return [
      said,
      h('section.card', {}, h('h2', {}, 'Channels'), h('ul.channel-list', {}, ...channels.map(channelOf)), tooOld > 0 && h('p.note', {}, `${plural(tooOld, 'transition')} not told: too old when the service read them.`)),
      h('section.card', {}, h('h2', {}, 'Not delivered'), undelivered.length === 0 ? h('p.note', {}, 'Everything has arrived, or is still being tried.') : h('ul.channel-list', {}, ...undelivered.map(undeliveredOf))),
    ];
  }

  function channelOf(channel) {
    const button = h('button.button', { type: 'button', 'data-testid': `test-${channel.name}`, onclick: () => test(channel.name, button) }, 'Send a test');
    return h(
      'li.channel',
      { 'data-testid': `channel-${channel.name}`, 'data-state': channel.state },
      h('div', {}, h('strong', {}, channel.name), h('span.chip', {}, channel.kind), h('span.chip', { class: `chip-${channel.state}` }, STATES[/** @type {'ok'} */ (channel.state)] ?? channel.state)),
      h('p.note', {}, `${channel.target} · ${channel.severity} or worse · ${channel.states.join(', ')}${channel.rules.length > 0 ? ` · only ${channel.rules.join(', ')}` : ''}`),
      h('p.note', {}, `${integer(channel.delivered)} delivered since the start${channel.deliveredAt ? `, the last ${ago(channel.deliveredAt, Date.now())}` : ''}; ${integer(channel.queued)} waiting${channel.givenUp > 0 ? `; ${integer(channel.givenUp)} given up` : ''}`),
      channel.problem && h('p.bad', {}, icon('alert'), channel.problem),
      button,
    );
  }

  function undeliveredOf(one) {
    const settle = async (what) => {
      try {
        show(await api.settleNotification(one.id, what));
      } catch (error) {
        text(said, error.message);
      }
    };
    return h(
      'li.channel',
      { 'data-testid': `undelivered-${one.id}` },
      h('div', {}, h('strong', {}, `${one.rule} ${one.state}`), h('span.chip', {}, one.severity), h('span.chip', {}, one.channel)),
      h('p', {}, h('a', { href: runHref(one.runId), dir: 'auto' }, one.runName), ` · ${one.message}`),
      h('p.bad', {}, icon('alert'), one.problem),
      h('div.channel-actions', {}, h('button.button', { type: 'button', onclick: () => settle('retry') }, 'Try again'), h('button.button', { type: 'button', onclick: () => settle('forget') }, 'Forget')),
    );
  }

  async function test(channel, button) {
    button.disabled = true;
    text(said, `Sending a test to ${channel} …`);
    try {
      const [{ delivered, problem }] = await api.testNotifications(channel);
      text(said, delivered ? `The test has arrived at ${channel}.` : `The test did not arrive at ${channel}: ${problem}`);
    } catch (error) {
      text(said, error.message);
    }
    button.disabled = false;
    load();
  }

  load();
  const timer = setInterval(() => document.hidden || load(), REFRESH_MS);
  return () => {
    clearInterval(timer);
    stop.abort();
  };
}
