package io.gradwatch.launcher.broker;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gradwatch.launcher.process.ChildProcess;
import io.gradwatch.launcher.process.Supervised;
import io.gradwatch.launcher.session.Installation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real broker in its real process. */
class EmbeddedBrokerTest {
    private static final String TOPIC = "numbers";
    private static final List<Integer> NUMBERS =
            IntStream.range(0, 2000).boxed().toList();

    @TempDir
    Path temporary;

    private final List<String> events = new CopyOnWriteArrayList<>();

    @Test
    void keepsEveryAcknowledgedRecordOverAKillAndOverRestarts() throws Exception {
        EmbeddedBroker broker = start();
        long lastPid;
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try {
            ChildProcess first = broker.process().ready().get(60, SECONDS);
            try (Admin admin = admin(broker);
                    KafkaProducer<byte[], byte[]> producer = producer(broker)) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                        .all()
                        .get(60, SECONDS);
                for (int i = 0; i < 2000; i++) {
                    sent.add(send(producer, i));
                    if (i == 1000) {
                        sent.get(500).get(60, SECONDS);
                        first.kill();
                    }
                }
                producer.flush();
            }
            assertThat(events).containsExactly("died 137", "recovered");
            for (Future<RecordMetadata> record : sent) {
                assertThat(record.get()).isNotNull(); // the outage was shorter than the producer's patience
            }
            assertThat(read(broker)).isEqualTo(NUMBERS);
            ChildProcess second = requireNonNull(broker.process().child());
            lastPid = second.pid();
        } finally {
            broker.stop(Duration.ofSeconds(20));
        }
        assertThat(first(lastPid)).isEmpty();

        EmbeddedBroker again = start();
        try {
            again.process().ready().get(60, SECONDS);
            assertThat(again.bootstrap()).isEqualTo(broker.bootstrap());
            assertThat(read(again)).isEqualTo(NUMBERS);
        } finally {
            again.stop(Duration.ofSeconds(20));
        }
    }

    @Test
    void createsNoTopicByItself() throws Exception {
        EmbeddedBroker broker = start();
        try {
            broker.process().ready().get(60, SECONDS);
            try (KafkaProducer<byte[], byte[]> producer = producer(broker)) {
                assertThat(catchFailure(() -> producer.partitionsFor("unheard-of")))
                        .isPresent();
            }
            try (Admin admin = admin(broker)) {
                assertThat(admin.listTopics().names().get(30, SECONDS)).isEmpty();
                ExecutionException e = catchThrowableOfType(
                        ExecutionException.class,
                        () -> admin.describeTopics(List.of("unheard-of"))
                                .allTopicNames()
                                .get(30, SECONDS));
                assertThat(e).hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
            }
        } finally {
            broker.stop(Duration.ofSeconds(20));
        }
    }

    private EmbeddedBroker start() throws Exception {
        // Kafka takes a comma for the end of a path, and shells a space
        Path folder = Files.createDirectories(temporary.resolve("with a space, and a comma"));
        return EmbeddedBroker.start(
                folder.resolve("kafka"),
                folder.resolve("logs/broker.log"),
                folder.resolve("cache"),
                Installation.embeddedBroker(),
                new Supervised.Events() {
                    @Override
                    public void died(int exitCode, Duration untilRestart) {
                        events.add("died " + exitCode);
                    }

                    @Override
                    public void recovered(Duration outage) {
                        events.add("recovered");
                    }
                });
    }

    private static Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, int number) {
        byte[] value = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(TOPIC, value));
    }

    private static List<Integer> read(EmbeddedBroker broker) {
        List<Integer> numbers = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = requireNonNull(consumer.endOffsets(List.of(partition)).get(partition));
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record ->
                                numbers.add(Integer.parseInt(new String(record.value(), StandardCharsets.UTF_8))));
            }
        }
        return numbers;
    }

    private static Admin admin(EmbeddedBroker broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.bootstrap()));
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "max.block.ms", "3000", "linger.ms", "2"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static Optional<ProcessHandle> first(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
    }

    private static Optional<Exception> catchFailure(Runnable action) {
        try {
            action.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            return Optional.of(e);
        }
    }
}
