package io.gradwatch.listener.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.listener.publish.Sink.Handover;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaSinkTest {
    private final List<String> completions = new ArrayList<>();
    private final Sink.Completion completion =
            failure -> completions.add(failure == null ? "acknowledged" : String.valueOf(failure.getMessage()));
    private final Producer producer = new Producer();
    private final KafkaSink sink = new KafkaSink(producer);

    @Test
    void sendsKeyValueAndTime() {
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.TAKEN);
        ProducerRecord<byte[], byte[]> sent = producer.history().get(0);
        assertThat(sent.topic()).isEqualTo("gradwatch.iterations");
        assertThat(sent.partition()).isNull();
        assertThat(sent.key()).isEqualTo("run-1".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(sent.timestamp()).isEqualTo(1_234);
        assertThat(sent.value()).isEqualTo(envelope().toByteArray());
        assertThat(completions).isEmpty();
        producer.completeNext();
        assertThat(completions).containsExactly("acknowledged");
    }

    @Test
    void reportsAnAcknowledgementThatComesWhileItSends() {
        var instant =
                new KafkaSink(new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()));
        assertThat(instant.offer(item(), completion)).isEqualTo(Handover.TAKEN);
        assertThat(completions).containsExactly("acknowledged");
    }

    @Test
    void isBusyWhenTheProducerDoesNotAcceptARecordInTime() {
        producer.early = new TimeoutException("topic not present in metadata after 1000 ms");
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.BUSY);
        assertThat(sink.problem()).contains("not present in metadata");
        assertThat(completions).isEmpty();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void refusesWhatIsTooLargeForEver() {
        producer.early = new RecordTooLargeException("too large");
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.REFUSED);
        assertThat(completions).isEmpty();
    }

    @Test
    void reportsAnExpiredBatchAsLostNotAsBusy() {
        sink.offer(item(), completion);
        producer.errorNext(new TimeoutException("expired"));
        assertThat(completions).containsExactly("expired");
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.TAKEN);
    }

    @Test
    void isBrokenAfterAFailureThatStays() {
        sink.offer(item(), completion);
        producer.errorNext(new SaslAuthenticationException("bad password"));
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.BROKEN);
        assertThat(sink.problem()).isEqualTo("bad password");
        assertThat(completions).containsExactly("bad password");
    }

    @Test
    void isBrokenWhenTheProducerIsClosed() {
        sink.close(Duration.ZERO);
        assertThat(sink.offer(item(), completion)).isEqualTo(Handover.BROKEN);
        assertThat(completions).isEmpty();
    }

    @Test
    void theDefaultsNeitherLoseNorDouble() {
        Map<String, Object> all = ProducerSettings.over(Map.of("bootstrap.servers", "localhost:9092", "linger.ms", 50));
        assertThat(all)
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE)
                .containsEntry("linger.ms", 50);
        assertThat((Integer) all.get("max.in.flight.requests.per.connection")).isLessThanOrEqualTo(5);
    }

    @Test
    void namesThePropertyThatKafkaDoesNotAccept() {
        assertThatThrownBy(() -> ProducerSettings.over(Map.of("bootstrap.servers", "localhost:9092", "acks", "most")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acks");
        assertThatThrownBy(() -> ProducerSettings.over(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bootstrap.servers is missing");
    }

    private static Envelope envelope() {
        return Envelope.newBuilder()
                .setSchemaVersion(1)
                .setRunId("run-1")
                .setAttempt(1)
                .setProducedAtMs(1_234)
                .setIteration(Iteration.newBuilder().setIteration(7))
                .build();
    }

    private static Outgoing item() {
        return Outgoing.of(envelope());
    }

    /** Kafka's mock, which can also fail as the real producer does before it accepts a record. */
    private static final class Producer extends MockProducer<byte[], byte[]> {
        private @Nullable RuntimeException early;

        Producer() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> item, Callback callback) {
            RuntimeException failure = early;
            if (failure != null) {
                callback.onCompletion(null, failure);
                return java.util.concurrent.CompletableFuture.failedFuture(failure);
            }
            return super.send(item, callback);
        }
    }
}
