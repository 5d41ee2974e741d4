package io.gradwatch.telemetry.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.telemetry.ingest.Share;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private static final Duration SESSION = Duration.ofSeconds(20);
    private static final String ME = "http://one:8080";
    private static final Member OTHER = new Member("two_8080", "http://two:8080", Set.of(1));

    private final AtomicLong nanos = new AtomicLong();
    private final Ownership mine = new Ownership(ME, SESSION, nanos::get);

    private void joined(Integer... numbers) {
        mine.topics(2);
        mine.assigned(List.of(numbers));
        mine.seen(new GroupView(List.of(new Member(mine.id(), ME, Set.of(numbers)), OTHER)));
    }

    @Test
    void aRunIsInThePartitionThatKafkasProducerChooses() {
        for (int i = 0; i < 1_000; i++) {
            String runId = "20261123-160512-vgg38-" + i;
            assertThat(Ownership.partitionOf(runId, 7))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(runId.getBytes(StandardCharsets.UTF_8), 7));
        }
    }

    @Test
    void nothingIsReadOrAnsweredBeforeTheGroupIsJoined() {
        assertThat(mine.current()).isSameAs(Share.NOTHING);
        assertThat(mine.route("a")).isInstanceOf(Route.Nowhere.class);
    }

    @Test
    void aPartitionIsAnsweredForOnceItHasBeenReadUpToItsEnd() {
        joined(0);
        assertThat(mine.route(0))
                .isInstanceOfSatisfying(
                        Route.Nowhere.class,
                        nowhere -> assertThat(nowhere.why()).contains("still reading"));
        Share share = mine.current();
        assertThat(mine.begin(share)).isTrue();
        mine.caughtUp(share, Set.of(0));
        assertThat(mine.route(0)).isEqualTo(new Route.Here());
        assertThat(mine.catchingUp()).isEmpty();
    }

    @Test
    void whatAnotherServiceOwnsIsThere() {
        joined(0);
        assertThat(mine.route(1)).isEqualTo(new Route.There(OTHER));
    }

    @Test
    void theShareStaysTheSameObjectUntilItChanges() {
        joined(0);
        Share share = mine.current();
        assertThat(mine.current()).isSameAs(share);
        mine.assigned(List.of(1));
        mine.seen(new GroupView(List.of(new Member(mine.id(), ME, Set.of(0, 1)))));
        assertThat(mine.current()).isNotSameAs(share);
        assertThat(mine.begin(share)).as("out of date").isFalse();
    }

    @Test
    void whatIsTakenAwayIsAnsweredForNoMoreAtOnceAndWaitsForIngest() throws Exception {
        joined(0);
        Share share = mine.current();
        assertThat(mine.begin(share)).isTrue();
        mine.caughtUp(share, Set.of(0));
        assertThat(mine.revoked(List.of(0), Duration.ofMillis(1)))
                .as("ingest has not let go")
                .isFalse();
        assertThat(mine.route(0)).isInstanceOf(Route.Nowhere.class);
        assertThat(mine.current().isNothing()).isTrue();

        Thread ingest = new Thread(mine::ended);
        ingest.start();
        assertThat(mine.revoked(List.of(0), Duration.ofSeconds(10))).isTrue();
        ingest.join();
    }

    @Test
    void aPartitionThatComesBackIsReadUpToItsEndAgain() {
        joined(0);
        Share share = mine.current();
        mine.caughtUp(share, Set.of(0));
        mine.revoked(List.of(0), Duration.ZERO);
        joined(0);
        assertThat(mine.route(0)).isInstanceOf(Route.Nowhere.class);
        mine.caughtUp(share, Set.of(0));
        assertThat(mine.catchingUp())
                .as("what an older share had read does not count")
                .contains(0);
    }

    @Test
    void aServiceThatWasFrozenOwnsNothingUntilKafkaIsHeardOf() {
        joined(0);
        mine.caughtUp(mine.current(), Set.of(0));
        nanos.addAndGet(SESSION.toNanos());
        assertThat(mine.owned()).isEmpty();
        assertThat(mine.current()).isSameAs(Share.NOTHING);
        assertThat(mine.route(0))
                .isInstanceOfSatisfying(
                        Route.Nowhere.class,
                        nowhere -> assertThat(nowhere.why()).contains("Kafka has not been heard of for 20 s"));
        mine.heard();
        assertThat(mine.route(0)).isEqualTo(new Route.Here());
    }

    @Test
    void whatAnotherOneOwnsByKafkasWordIsNotOurs() {
        joined(0);
        mine.caughtUp(mine.current(), Set.of(0));
        Member taker = new Member("two_8080", "http://two:8080", Set.of(0, 1));
        mine.seen(new GroupView(List.of(taker)));
        assertThat(mine.owned()).isEmpty();
        assertThat(mine.route(0)).isEqualTo(new Route.There(taker));
    }
}
