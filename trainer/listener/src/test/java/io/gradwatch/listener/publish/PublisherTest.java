package io.gradwatch.listener.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Envelope;
import io.gradwatch.contract.v1.Epoch;
import io.gradwatch.contract.v1.Histograms;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunEnded;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.publish.Sink.Handover;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PublisherTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FakeSink sink = new FakeSink();

    @Test
    void sendsTheStartFirstThenEverythingInOrderThenTheEnd() {
        Publisher publisher = sink.publisher(started(), 10_000);
        for (long i = 0; i < 5_000; i++) {
            assertThat(publisher.offer(iteration(i))).isTrue();
        }
        publisher.offerAlways(epoch());
        Delivery delivery = publisher.close(LONG, PublisherTest::ended);

        assertThat(delivery).isEqualTo(new Delivery(5_000, 0, 0, true));
        assertThat(delivery.complete()).isTrue();
        assertThat(sink.log().get(0).hasRunStarted()).isTrue();
        assertThat(sink.iterations()).isEqualTo(upTo(5_000));
        assertThat(sink.log().get(5_001).hasEpoch()).isTrue();
        assertThat(sink.log().get(5_002).hasRunEnded()).isTrue();
        assertThat(sink.log()).hasSize(5_003);
    }

    @Test
    void sendsNoIterationBeforeTheStartIsAcknowledged() {
        sink.hold();
        Publisher publisher = sink.publisher(started(), 10);
        publisher.offer(iteration(0));
        await().until(() -> sink.held() == 1);
        // the only record out is the start
        assertThat(sink.log()).isEmpty();
        sink.release();
        await().until(() -> publisher.delivered() == 1);
        assertThat(sink.log().get(0).hasRunStarted()).isTrue();
        publisher.close(LONG, PublisherTest::ended);
    }

    @Test
    void sendsTheStartAgainWhenItWasNotAcknowledged() {
        sink.hold();
        Publisher publisher = sink.publisher(started(), 10);
        publisher.offer(iteration(0));
        await().until(() -> sink.held() == 1);
        sink.fail(new IllegalStateException("expired"));
        await().until(() -> sink.held() == 1);
        sink.release();
        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(1, 0, 0, true));
    }

    @Test
    void keepsWhatFitsDuringAnOutageAndCountsTheRest() {
        Publisher publisher = sink.publisher(started(), 100);
        publisher.offer(iteration(0));
        await().until(() -> publisher.delivered() == 1);
        sink.answering(envelope -> Handover.BUSY);
        for (long i = 1; i <= 250; i++) {
            boolean taken = publisher.offer(iteration(i));
            assertThat(taken).as("iteration %d", i).isEqualTo(i <= 100);
        }
        assertThat(publisher.dropped()).isEqualTo(150);
        sink.answering(envelope -> Handover.TAKEN);
        await().until(() -> publisher.delivered() == 101);
        publisher.offer(iteration(251));

        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(102, 150, 0, true));
        assertThat(sink.iterations())
                .startsWith(0L, 1L, 2L)
                .endsWith(99L, 100L, 251L)
                .hasSize(102);
    }

    @Test
    void countsUnacknowledgedRecordsAgainstTheCapacity() {
        Publisher publisher = sink.publisher(started(), 3);
        await().until(() -> sink.log().size() == 1);
        sink.hold();
        for (long i = 0; i < 3; i++) {
            assertThat(publisher.offer(iteration(i))).isTrue();
        }
        await().until(() -> sink.held() == 3);
        assertThat(publisher.offer(iteration(3))).isFalse();
        sink.release();
        await().until(() -> publisher.delivered() == 3);
        assertThat(publisher.offer(iteration(4))).isTrue();
        publisher.close(LONG, PublisherTest::ended);
        assertThat(sink.iterations()).containsExactly(0L, 1L, 2L, 4L);
    }

    @Test
    void offersWithoutWaitingWhileTheSinkBlocks() throws InterruptedException {
        sink.block();
        Publisher publisher = sink.publisher(started(), 2);
        sink.awaitOffer();
        // this thread gets here although the publisher's stands still: nothing below can pass otherwise
        assertThat(publisher.offer(iteration(0))).isTrue();
        assertThat(publisher.offer(iteration(1))).isTrue();
        assertThat(publisher.offer(iteration(2))).isFalse();
        publisher.offerAlways(epoch());
        assertThat(publisher.dropped()).isEqualTo(1);
        sink.unblock();
        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(2, 1, 0, true));
        assertThat(sink.log()).anyMatch(Envelope::hasEpoch);
    }

    @Test
    void opensAnotherSinkWhenOneBreaksAndSendsTheSameRecordThere() {
        AtomicInteger failures = new AtomicInteger(3);
        sink.answering(envelope ->
                envelope.hasIteration() && envelope.getIteration().getIteration() == 1 && failures.getAndDecrement() > 0
                        ? Handover.BROKEN
                        : Handover.TAKEN);
        Publisher publisher = sink.publisher(started(), 10);
        for (long i = 0; i < 3; i++) {
            publisher.offer(iteration(i));
        }
        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(3, 0, 0, true));
        assertThat(sink.iterations()).containsExactly(0L, 1L, 2L);
        assertThat(sink.opened()).isEqualTo(4);
        assertThat(sink.closed()).isEqualTo(4);
    }

    @Test
    void countsRefusedAndExpiredRecordsAsDroppedAndGoesOn() {
        sink.answering(
                envelope -> envelope.hasIteration() && envelope.getIteration().getIteration() == 0
                        ? Handover.REFUSED
                        : Handover.TAKEN);
        Publisher publisher = sink.publisher(started(), 10);
        publisher.offer(iteration(0));
        await().until(() -> publisher.dropped() == 1);
        sink.hold();
        publisher.offer(iteration(1));
        await().until(() -> sink.held() == 1);
        sink.fail(new IllegalStateException("batch expired"));
        await().until(() -> publisher.dropped() == 2);
        sink.release();
        publisher.offer(iteration(2));
        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(1, 2, 0, true));
    }

    @Test
    void reportsWhatItCouldNotDeliverWhenTheDeadlinePasses() {
        Publisher publisher = sink.publisher(started(), 10);
        publisher.offer(iteration(0));
        await().until(() -> publisher.delivered() == 1);
        sink.hold();
        publisher.offer(iteration(1));
        await().until(() -> sink.held() == 1);
        sink.answering(envelope -> Handover.BUSY);
        publisher.offer(iteration(2));
        Delivery delivery = publisher.close(Duration.ofMillis(50), PublisherTest::ended);
        assertThat(delivery).isEqualTo(new Delivery(1, 0, 2, false));
        assertThat(delivery.complete()).isFalse();
    }

    @Test
    void closesInTimeWhenNoSinkCanBeOpened() {
        Sink.Factory never = () -> {
            throw new IllegalStateException("no such host");
        };
        Publisher publisher = new Publisher(never, started(), 10, Duration.ofSeconds(60));
        publisher.start();
        publisher.offer(iteration(0));
        assertThat(publisher.close(Duration.ofMillis(20), PublisherTest::ended))
                .isEqualTo(new Delivery(0, 0, 1, false));
    }

    @Test
    void dropsAndCountsWhatComesAfterTheEnd() {
        Publisher publisher = sink.publisher(started(), 10);
        publisher.close(LONG, PublisherTest::ended);
        assertThat(publisher.offer(iteration(0))).isFalse();
        publisher.offerAlways(epoch());
        assertThat(publisher.dropped()).isEqualTo(1);
        assertThat(sink.log()).hasSize(2);
    }

    @Test
    void keepsHistogramsOnTheirOwnTopicAndOnTheirOwnAccount() {
        Publisher publisher = sink.publisher(started(), 2);
        await().until(() -> sink.log().size() == 1);
        sink.hold();
        for (long i = 0; i < 3; i++) {
            assertThat(publisher.offerHistograms(histograms(i))).isEqualTo(i < 2);
        }
        assertThat(publisher.offer(iteration(0))).isTrue();
        assertThat(publisher.offer(iteration(1))).isTrue();
        await().until(() -> sink.held() == 4);
        assertThat(publisher.dropped()).isZero();
        assertThat(publisher.droppedHistograms()).isEqualTo(1);
        sink.release();
        await().until(() -> publisher.deliveredHistograms() == 2);
        assertThat(publisher.offerHistograms(histograms(3))).isTrue();

        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(2, 0, 0, true));
        assertThat(sink.log().stream().filter(Envelope::hasHistograms)).hasSize(3);
        assertThat(Outgoing.of(histograms(0)).topic).isEqualTo(Topic.HISTOGRAMS);
        assertThat(Outgoing.of(iteration(0)).topic).isEqualTo(Topic.ITERATIONS);
    }

    @Test
    void countsHistogramsThatKafkaRefusesAsDropped() {
        sink.answering(envelope -> envelope.hasHistograms() ? Handover.REFUSED : Handover.TAKEN);
        Publisher publisher = sink.publisher(started(), 2);
        publisher.offerHistograms(histograms(0));
        await().until(() -> publisher.droppedHistograms() == 1);
        publisher.offer(iteration(0));
        assertThat(publisher.close(LONG, PublisherTest::ended)).isEqualTo(new Delivery(1, 0, 0, true));
    }

    private static Envelope histograms(long i) {
        return envelope().setHistograms(Histograms.newBuilder().setIteration(i)).build();
    }

    private static List<Long> upTo(long n) {
        return LongStream.range(0, n).boxed().toList();
    }

    private static Envelope.Builder envelope() {
        return Envelope.newBuilder().setSchemaVersion(1).setRunId("r").setAttempt(1);
    }

    private static Envelope started() {
        return envelope().setRunStarted(RunStarted.newBuilder().setName("r")).build();
    }

    private static Envelope iteration(long i) {
        return envelope().setIteration(Iteration.newBuilder().setIteration(i)).build();
    }

    private static Envelope epoch() {
        return envelope().setEpoch(Epoch.getDefaultInstance()).build();
    }

    private static Envelope ended() {
        return envelope().setRunEnded(RunEnded.getDefaultInstance()).build();
    }
}
