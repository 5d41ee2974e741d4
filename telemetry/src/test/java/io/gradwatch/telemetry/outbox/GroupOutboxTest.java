package io.gradwatch.telemetry.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.v1.Alert;
import io.gradwatch.telemetry.history.OutboxAlert;
import io.gradwatch.telemetry.ingest.Share;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupOutboxTest {
    private static final Share SHARE = new Share(Optional.of(Set.of(2)), run -> true);
    private static final OutboxAlert FIRST = alert(1);
    private static final OutboxAlert SECOND = alert(2);

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AlertPublisher publisher = new AlertPublisher(() -> kafka);
    private final AtomicBoolean owner = new AtomicBoolean(true);
    private Set<OutboxAlert.Key> topic = Set.of();
    private final GroupOutbox outbox = new GroupOutbox(
            publisher,
            partitions -> {
                assertThat(partitions).containsExactly(2);
                return topic;
            },
            owner::get);

    @AfterEach
    void close() {
        publisher.close();
    }

    @Test
    void whatTheLastOwnerHasPublishedCountsAsPublished() {
        topic = Set.of(FIRST.key());
        outbox.begin(SHARE);
        outbox.publish(List.of(FIRST, SECOND));
        assertThat(outbox.takeAcknowledged()).contains(FIRST.key());
        await().until(() -> kafka.history().size() == 1);
        outbox.end();
        assertThat(kafka.history()).hasSize(1);
    }

    @Test
    void whoeverMayNotOwnItPublishesNothingUntilThatIsCertain() {
        outbox.begin(SHARE);
        owner.set(false);
        outbox.publish(List.of(FIRST));
        assertThat(outbox.takeAcknowledged()).isEmpty();
        assertThat(kafka.history()).isEmpty();
        owner.set(true);
        await().until(() -> outbox.takeAcknowledged().equals(List.of(FIRST.key())));
        assertThat(kafka.history()).hasSize(1);
    }

    @Test
    void nothingThatWasHeldBackIsPublishedAfterTheEnd() {
        outbox.begin(SHARE);
        owner.set(false);
        outbox.publish(List.of(FIRST));
        outbox.end();
        owner.set(true);
        assertThat(outbox.takeAcknowledged()).isEmpty();
        assertThat(kafka.history()).isEmpty();
    }

    private static OutboxAlert alert(int transition) {
        return new OutboxAlert(
                "a",
                1,
                7,
                Alert.newBuilder()
                        .setAlertId("a/plateau/0")
                        .setTransition(transition)
                        .build());
    }
}
