package io.gradwatch.telemetry.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Alert.State;
import io.gradwatch.contract.v1.AlertAcknowledgement;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.contract.v1.Silence;
import io.gradwatch.telemetry.notify.ChannelSettings.Kind;
import io.gradwatch.telemetry.runs.Attention;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotifierTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final TopicPartition PARTITION = new TopicPartition(Topic.ALERTS.topicName(), 0);

    @TempDir
    Path data;

    /** A receiver that can be down. */
    private static final class Receiver implements Delivery {
        final List<String> arrived = new CopyOnWriteArrayList<>();
        volatile boolean down;
        volatile boolean refusing;

        @Override
        public void send(Message message) throws DeliveryException {
            if (down || refusing) {
                throw new DeliveryException("HTTP " + (refusing ? 422 : 503), refusing);
            }
            message.notices().forEach(notice -> arrived.add(notice.key()));
        }
    }

    private final Receiver receiver = new Receiver();
    private final List<Envelope> log = new CopyOnWriteArrayList<>();

    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>(AutoOffsetResetStrategy.NONE.name());
        Node node = Node.noNode();
        consumer.updatePartitions(
                Topic.ALERTS.topicName(),
                List.of(new PartitionInfo(Topic.ALERTS.topicName(), 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, (long) log.size()));
        // what comes later, and what the journal has not read yet
        consumer.schedulePollTask(new Runnable() {
            private int given = -1;

            @Override
            public void run() {
                if (given < 0) {
                    given = (int) consumer.position(PARTITION);
                }
                for (; given < log.size(); given++) {
                    consumer.addRecord(new ConsumerRecord<>(
                            PARTITION.topic(), 0, given, new byte[0], WireFormat.encode(log.get(given))));
                }
                consumer.schedulePollTask(this);
            }
        });
        return consumer;
    }

    /** What people say about every run's alerts. */
    private volatile RunAnnotation said = RunAnnotation.getDefaultInstance();

    private Notifier notifier(String... channels) throws Exception {
        NotificationSettings settings = new NotificationSettings(
                List.of(channels).stream()
                        .map(name -> new ChannelSettings(name, Kind.WEBHOOK, Map.of("url", "http://x"), Notices.ALL))
                        .toList(),
                "",
                Duration.ofMillis(20),
                Duration.ofHours(1),
                Duration.ofHours(1));
        Notifier notifier = Notifier.of(
                settings,
                data,
                channel -> receiver,
                this::consumer,
                id -> Optional.of(new KnownRun("name of " + id, Attention.of(said))),
                Clock.systemUTC());
        notifier.start();
        return notifier;
    }

    private void happens(String run, int transition) {
        log.add(Notices.envelope(run, transition, State.FIRING, System.currentTimeMillis()));
    }

    private static String key(String run, int transition) {
        return run + "/vanish-floor/3/1#" + transition;
    }

    private void awaitRead(Notifier notifier) {
        await().atMost(PATIENCE)
                .until(() -> notifier.channels().stream()
                                .mapToLong(c -> c.queued() + c.delivered() + c.failed())
                                .sum()
                        >= log.size());
    }

    @Test
    void tellsWhatHappensFromTheFirstStartOnAndNothingOlder() throws Exception {
        happens("before", 1);
        try (Notifier notifier = notifier("ops")) {
            Thread.sleep(300);
            happens("a", 1);
            happens("a", 2);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(receiver.arrived).containsExactly(key("a", 1), key("a", 2)));
            assertThat(notifier.channels().get(0).problem()).isNull();
        }
    }

    @Test
    void whatIsSilencedOrSeenIsNotToldAndCounted() throws Exception {
        try (Notifier notifier = notifier("ops")) {
            Thread.sleep(300);
            said = Attention.of(null)
                    .silence(Silence.newBuilder()
                            .setRule("vanish-floor")
                            .setUntilMs(System.currentTimeMillis() + 60_000)
                            .build());
            happens("a", 1);
            await().atMost(PATIENCE).until(() -> notifier.muted() == 1);
            said = Attention.of(null)
                    .acknowledge(AlertAcknowledgement.newBuilder()
                            .setAlertId("a/vanish-floor/3/1")
                            .setSeverity(Alert.Severity.CRITICAL)
                            .build());
            happens("a", 2);
            await().atMost(PATIENCE).until(() -> notifier.muted() == 2);
            happens("b", 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(receiver.arrived).containsExactly(key("b", 1)));
        }
    }

    @Test
    void whenTheReceiverWasDownEveryTransitionArrivesInItsOrderAfterwards() throws Exception {
        receiver.down = true;
        try (Notifier notifier = notifier("ops")) {
            Thread.sleep(300);
            for (int i = 1; i <= 5; i++) {
                happens("a", i);
                happens("b", i);
            }
            awaitRead(notifier);
            await().atMost(PATIENCE).until(() -> notifier.channels().get(0).problem() != null);
            assertThat(notifier.channels().get(0).nextTry()).isNotNull();
            receiver.down = false;
            await().atMost(PATIENCE).until(() -> receiver.arrived.size() >= 10);
        }
        assertThat(receiver.arrived.stream().filter(k -> k.startsWith("a/")))
                .containsExactly(key("a", 1), key("a", 2), key("a", 3), key("a", 4), key("a", 5));
        assertThat(receiver.arrived).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void aRestartInTheMiddleLosesNothingAndInventsNothing() throws Exception {
        receiver.down = true;
        try (Notifier notifier = notifier("ops")) {
            Thread.sleep(300);
            happens("a", 1);
            happens("a", 2);
            awaitRead(notifier);
        }
        happens("a", 3); // while nobody reads
        receiver.down = false;
        try (Notifier notifier = notifier("ops")) {
            await().atMost(PATIENCE).until(() -> receiver.arrived.size() >= 3);
            happens("a", 3); // the log has it twice after a crash of the service
            happens("a", 4);
            await().atMost(PATIENCE).until(() -> receiver.arrived.size() >= 4);
            assertThat(notifier.failed()).isEmpty();
        }
        assertThat(receiver.arrived).containsExactly(key("a", 1), key("a", 2), key("a", 3), key("a", 4));
    }

    @Test
    void whatIsRefusedIsKeptShownAndCanBeTriedAgainOrForgotten() throws Exception {
        receiver.refusing = true;
        try (Notifier notifier = notifier("ops")) {
            Thread.sleep(300);
            happens("a", 1);
            await().atMost(PATIENCE).until(() -> notifier.failed().size() == 1);
            happens("b", 1);
            await().atMost(PATIENCE).until(() -> notifier.failed().size() == 2);
        }
        receiver.refusing = false;
        try (Notifier notifier = notifier("ops")) {
            List<Notifier.Failed> failed = notifier.failed();
            assertThat(failed).extracting(Notifier.Failed::why).containsExactly("HTTP 422", "HTTP 422");
            assertThat(notifier.retry(failed.get(0).number())).isTrue();
            assertThat(notifier.discard(failed.get(1).number())).isTrue();
            assertThat(notifier.discard(failed.get(1).number())).isFalse();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(receiver.arrived).containsExactly(key("a", 1)));
            assertThat(notifier.failed()).isEmpty();
        }
    }

    @Test
    void anOldAlertIsNotNewsAndAChannelThatIsGoneLosesNothingSilently() throws Exception {
        receiver.down = true;
        try (Notifier notifier = notifier("ops", "team")) {
            Thread.sleep(300);
            log.add(Notices.envelope("old", 1, State.FIRING, System.currentTimeMillis() - 7_200_000));
            happens("a", 1);
            await().atMost(PATIENCE).until(() -> notifier.channels().get(1).queued() == 1);
            assertThat(notifier.tooOld()).isEqualTo(1);
        }
        try (Notifier notifier = notifier("ops")) {
            assertThat(notifier.failed())
                    .extracting(Notifier.Failed::channel, Notifier.Failed::why)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple(
                            "team", "the channel is not in notifications.properties any more"));
            assertThat(notifier.retry(notifier.failed().get(0).number())).isFalse();
        }
    }
}
