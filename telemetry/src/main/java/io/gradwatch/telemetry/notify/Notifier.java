package io.gradwatch.telemetry.notify;

import io.gradwatch.contract.v1.Envelope;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells all channels of the alerts that they want to know of: every transition at least once, those of a run in their order.
 * Thread-safe; {@link #test} blocks.
 */
public final class Notifier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final String FILE = "notifications/journal.jsonl";

    /** Transitions remembered, to know one that the log has twice. */
    private static final int REMEMBERED = 10_000;

    private final NotificationSettings settings;
    private final Journal journal;
    private final Function<String, Optional<KnownRun>> runs;
    private final Clock clock;
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Set<String> seen = new HashSet<>(); // of the feed's thread
    private final AlertFeed feed;
    private volatile long tooOld;
    private volatile long muted;

    private Notifier(
            NotificationSettings settings,
            Journal journal,
            Function<ChannelSettings, Delivery> deliveries,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Optional<KnownRun>> runs,
            Supplier<Optional<Set<Integer>>> mine,
            Clock clock) {
        this.settings = settings;
        this.journal = journal;
        this.runs = runs;
        this.clock = clock;
        for (ChannelSettings channel : settings.channels()) {
            channels.put(channel.name(), new Channel(channel, deliveries.apply(channel), journal, settings, clock));
        }
        this.feed = new AlertFeed(consumers, journal::offsets, this::take, mine);
    }

    /** Over a journal in a data directory: tells of all alerts, as there is no other service. */
    public static Notifier of(
            NotificationSettings settings,
            Path data,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Optional<KnownRun>> runs,
            Clock clock)
            throws IOException {
        return of(settings, data, consumers, runs, Optional::empty, clock);
    }

    /**
     * Over a journal in a data directory.
     *
     * @param consumers of the log that has the alerts
     * @param runs by id
     * @param mine numbers of the partitions of which this service tells; empty: of all
     * @throws IOException the journal cannot be opened
     */
    public static Notifier of(
            NotificationSettings settings,
            Path data,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Optional<KnownRun>> runs,
            Supplier<Optional<Set<Integer>>> mine,
            Clock clock)
            throws IOException {
        return of(settings, data, channel -> delivery(channel, clock), consumers, runs, mine, clock);
    }

    static Notifier of(
            NotificationSettings settings,
            Path data,
            Function<ChannelSettings, Delivery> deliveries,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Optional<KnownRun>> runs,
            Clock clock)
            throws IOException {
        return of(settings, data, deliveries, consumers, runs, Optional::empty, clock);
    }

    private static Notifier of(
            NotificationSettings settings,
            Path data,
            Function<ChannelSettings, Delivery> deliveries,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Function<String, Optional<KnownRun>> runs,
            Supplier<Optional<Set<Integer>>> mine,
            Clock clock)
            throws IOException {
        Journal journal = Journal.open(data.resolve(FILE));
        Set<String> names =
                settings.channels().stream().map(ChannelSettings::name).collect(Collectors.toSet());
        journal.failed(journal.queuedForOthers(names), "the channel is not in notifications.properties any more");
        return new Notifier(settings, journal, deliveries, consumers, runs, mine, clock);
    }

    private static Delivery delivery(ChannelSettings channel, Clock clock) {
        return switch (channel.kind()) {
            case WEBHOOK, SLACK -> new HttpDelivery(channel, clock);
            case EMAIL -> new EmailDelivery(channel);
            case COMMAND -> new CommandDelivery(channel);
        };
    }

    /** Begins. Without channels there is nothing to do, and nothing is read. */
    public void start() {
        channels.values().forEach(Channel::start);
        if (!channels.isEmpty()) {
            feed.start();
        }
    }

    private void take(List<Envelope> alerts, Map<Integer, Long> readUpTo) throws IOException {
        long now = clock.millis();
        Map<String, List<Notice>> byChannel = new LinkedHashMap<>();
        List<String> keys = new ArrayList<>();
        for (Envelope envelope : alerts) {
            Optional<KnownRun> run = runs.apply(envelope.getRunId());
            Notice notice = new Notice(envelope, run.map(KnownRun::name).orElse(envelope.getRunId()));
            if (seen.contains(notice.key()) || keys.contains(notice.key())) {
                continue;
            }
            keys.add(notice.key());
            if (now - envelope.getProducedAtMs() > settings.maxAge().toMillis()) {
                tooOld++;
                continue;
            }
            if (run.isPresent() && !run.get().attention().isWanted(notice.alert(), now)) {
                muted++;
                continue;
            }
            for (Channel channel : channels.values()) {
                if (channel.settings().filter().accepts(notice.alert())) {
                    byChannel
                            .computeIfAbsent(channel.settings().name(), k -> new ArrayList<>())
                            .add(notice);
                }
            }
        }
        journal.queue(byChannel, readUpTo, now).forEach((name, items) -> {
            Channel channel = channels.get(name);
            if (channel != null) {
                channel.add(items);
            }
        });
        if (seen.size() > REMEMBERED) {
            seen.clear();
        }
        seen.addAll(keys);
    }

    /** How all channels do, in the order of their names. */
    public List<ChannelStatus> channels() {
        return channels.values().stream().map(Channel::status).toList();
    }

    /** Transitions that were not told because they were too old when they were read, since the start. */
    public long tooOld() {
        return tooOld;
    }

    /** Transitions that were not told because the alert was silenced or acknowledged, since the start. */
    public long muted() {
        return muted;
    }

    /**
     * Something that was given up, to be shown.
     *
     * @param number to name it by
     * @param why in words
     */
    public record Failed(long number, String channel, Envelope record, String runName, String why) {}

    /** What was given up and is kept, oldest first. */
    public List<Failed> failed() {
        return journal.undelivered().stream()
                .map(u -> new Failed(
                        u.item().number(),
                        u.channel(),
                        u.item().notice().envelope(),
                        u.item().notice().runName(),
                        u.why()))
                .toList();
    }

    /**
     * Tries again what was given up.
     *
     * @return false: there is none of this number, or its channel is not there any more
     */
    public boolean retry(long number) throws IOException {
        for (Undelivered one : journal.undelivered()) {
            Channel channel = channels.get(one.channel());
            if (one.item().number() == number && channel != null) {
                channel.add(List.of(journal.again(one, clock.millis())));
                return true;
            }
        }
        return false;
    }

    /** Forgets what was given up; false: there is none of this number. */
    public boolean discard(long number) throws IOException {
        boolean isThere =
                journal.undelivered().stream().anyMatch(one -> one.item().number() == number);
        if (isThere) {
            journal.done(List.of(number));
        }
        return isThere;
    }

    /** Names of the channels. */
    public Set<String> names() {
        return Set.copyOf(channels.keySet());
    }

    /**
     * Sends a test through a channel, and waits for the receiver's answer.
     *
     * @return why it did not arrive; null when it did
     */
    public Callable<Optional<String>> test(String name) {
        Channel channel = channels.get(name);
        if (channel == null) {
            throw new IllegalArgumentException(name);
        }
        return () -> {
            try {
                channel.test();
                return Optional.empty();
            } catch (DeliveryException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        };
    }

    @Override
    public void close() {
        feed.close();
        channels.values().forEach(Channel::close);
        try {
            journal.close();
        } catch (IOException e) {
            LOG.warn("The journal of notifications was not closed: {}", e.toString());
        }
    }
}
