package io.gradwatch.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Decoded;
import io.gradwatch.contract.WireFormat;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.OutboxAlert;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlertPublisherTest {
    private static final OutboxAlert FIRST = alert(1, Alert.State.PENDING);
    private static final OutboxAlert SECOND = alert(2, Alert.State.FIRING);

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AtomicInteger made = new AtomicInteger();
    private final AlertPublisher publisher = new AlertPublisher(() -> {
        if (made.getAndIncrement() == 0) {
            throw new KafkaException("no address can be resolved yet");
        }
        return kafka;
    });

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void sendsWhatItIsGivenUntilItIsAcknowledged() {
        publisher.publish(List.of(FIRST, SECOND));
        await().until(() -> kafka.history().size() == 2);
        assertThat(made).hasValueGreaterThan(1); // the first attempt to reach Kafka failed
        ProducerRecord<byte[], byte[]> record = kafka.history().get(0);
        assertThat(record.topic()).isEqualTo("gradwatch.alerts");
        assertThat(record.key()).isEqualTo(WireFormat.key("a"));
        assertThat(WireFormat.decode(record.value())).isInstanceOfSatisfying(Decoded.Known.class, known -> {
            assertThat(known.envelope().getRunId()).isEqualTo("a");
            assertThat(known.envelope().getAttempt()).isEqualTo(3);
            assertThat(known.envelope().hasAlert()).isTrue();
        });
        assertThat(publisher.takeAcknowledged()).isEmpty();

        assertThat(kafka.completeNext()).isTrue();
        assertThat(kafka.errorNext(new KafkaException("a broker has gone"))).isTrue();
        assertThat(publisher.takeAcknowledged()).hasSize(1);
        await().until(() -> kafka.history().size() == 3); // the one that failed, again
        assertThat(kafka.completeNext()).isTrue();
        await().until(() -> publisher.takeAcknowledged().size() == 1);
    }

    @Test
    void doesNotSendTwiceWhatIsUnderWay() {
        publisher.publish(List.of(FIRST));
        await().until(() -> kafka.history().size() == 1);
        publisher.publish(List.of(FIRST, SECOND));
        await().until(() -> kafka.history().size() == 2);
        assertThat(WireFormat.decode(kafka.history().get(1).value()))
                .isInstanceOfSatisfying(
                        Decoded.Known.class,
                        known -> assertThat(known.envelope().getAlert().getTransition())
                                .isEqualTo(2));
    }

    private static OutboxAlert alert(int transition, Alert.State state) {
        return new OutboxAlert(
                "a",
                3,
                7,
                Alert.newBuilder()
                        .setAlertId("a/vanish-floor/0/3")
                        .setTransition(transition)
                        .setState(state)
                        .build());
    }
}
