package io.gradwatch.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.RunAnnotation;
import io.gradwatch.telemetry.ingest.AnnotationLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnotationPublisherTest {
    private static final RunAnnotation MINE =
            RunAnnotation.newBuilder().setName("mine").build();

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AtomicInteger made = new AtomicInteger();
    private final AnnotationPublisher publisher = new AnnotationPublisher(
            () -> {
                if (made.getAndIncrement() == 0) {
                    throw new KafkaException("no address can be resolved yet");
                }
                return kafka;
            },
            Clock.fixed(Instant.ofEpochMilli(77), ZoneOffset.UTC));

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void tellsWhereTheRecordIsOnceItIsAcknowledged() {
        assertThat(append()).failsWithin(Duration.ofSeconds(5)); // Kafka could not be reached
        CompletableFuture<AnnotationLog.Place> place = append();
        await().until(() -> kafka.history().size() == 1);
        assertThat(place).isNotDone();
        assertThat(kafka.history().get(0).topic()).isEqualTo("gradwatch.annotations");
        assertThat(WireFormat.decode(kafka.history().get(0).value()))
                .isInstanceOfSatisfying(Decoded.Known.class, known -> {
                    assertThat(known.envelope().getRunAnnotation()).isEqualTo(MINE);
                    assertThat(known.envelope().getAttempt()).isEqualTo(3);
                    assertThat(known.envelope().getProducedAtMs()).isEqualTo(77);
                });

        assertThat(kafka.completeNext()).isTrue();
        assertThat(place)
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new AnnotationLog.Place("gradwatch.annotations", 0, 0));

        CompletableFuture<AnnotationLog.Place> refused = append();
        await().until(() -> kafka.errorNext(new KafkaException("a broker has gone")));
        assertThat(refused).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void refusesWhenItIsClosed() {
        publisher.close();
        assertThat(append()).failsWithin(Duration.ofSeconds(5));
    }

    private CompletableFuture<AnnotationLog.Place> append() {
        return publisher.append("a", 3, MINE).toCompletableFuture();
    }
}
