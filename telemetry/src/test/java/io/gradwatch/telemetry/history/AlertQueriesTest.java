package io.gradwatch.telemetry.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of alerts by time, as several services merge them. */
class AlertQueriesTest {
    @TempDir
    Path directory;

    private History history;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        HistoryFixture fixture = new HistoryFixture(history);
        fixture.start("a", 1, HistoryFixture.started("a", 4, 2));
        fixture.start("b", 1, HistoryFixture.started("b", 4, 2));
        // written in another order than they began in, as a service reads its partitions
        begin(fixture, "a", "a/explode/5/1", 300);
        begin(fixture, "b", "b/explode/0/1", 100);
        begin(fixture, "a", "a/nan-inf/7/1", 300);
        begin(fixture, "b", "b/nan-inf/9/1", 200);
        fixture.commit();
    }

    @AfterEach
    void close() {
        history.close();
    }

    private void begin(HistoryFixture fixture, String runId, String alertId, long atMs) {
        int key = history.writer().newAlertKey();
        Alert.Builder alert = Alert.newBuilder()
                .setAlertId(alertId)
                .setRule(alertId.split("/", -1)[1])
                .setSeverity(Alert.Severity.CRITICAL);
        List<Alert.State> states = List.of(Alert.State.PENDING, Alert.State.FIRING);
        for (int i = 0; i < states.size(); i++) {
            Alert now = alert.setTransition(i + 1).setState(states.get(i)).build();
            history.writer().transition(fixture.key(runId), key, new OutboxAlert(runId, 1, atMs + i * 1000L, now));
        }
    }

    private AlertQueries.Listed ask(
            Optional<String> runId, Optional<Alert.State> state, Optional<AlertQueries.Place> before, int limit) {
        return history.alerts().inTime(runId, state, Optional.empty(), before, limit);
    }

    private static List<String> ids(AlertQueries.Listed listed) {
        return listed.items().stream().map(alert -> alert.newest().getAlertId()).toList();
    }

    @Test
    void theNewestBeginningIsFirstAndOfEqualOnesTheGreaterId() {
        AlertQueries.Listed all = ask(Optional.empty(), Optional.empty(), Optional.empty(), 10);

        assertThat(ids(all)).containsExactly("a/nan-inf/7/1", "a/explode/5/1", "b/nan-inf/9/1", "b/explode/0/1");
        assertThat(all.places().get(2)).isEqualTo(new AlertQueries.Place(200, "b/nan-inf/9/1"));
        assertThat(all.next()).isEmpty();
    }

    @Test
    void partsFollowEachOtherWithoutGapOrDoubleAlsoBetweenEqualTimes() {
        AlertQueries.Listed first = ask(Optional.empty(), Optional.empty(), Optional.empty(), 1);
        AlertQueries.Listed second = ask(Optional.empty(), Optional.empty(), first.next(), 2);
        AlertQueries.Listed third = ask(Optional.empty(), Optional.empty(), second.next(), 2);

        assertThat(ids(first)).containsExactly("a/nan-inf/7/1");
        assertThat(ids(second)).containsExactly("a/explode/5/1", "b/nan-inf/9/1");
        assertThat(ids(third)).containsExactly("b/explode/0/1");
        assertThat(third.next()).isEmpty();
    }

    @Test
    void runAndStateAndPlaceHoldTogether() {
        Optional<AlertQueries.Place> before = Optional.of(new AlertQueries.Place(200, "b/nan-inf/9/1"));

        assertThat(ids(ask(Optional.of("b"), Optional.of(Alert.State.FIRING), before, 10)))
                .containsExactly("b/explode/0/1");
        assertThat(ids(ask(Optional.of("a"), Optional.of(Alert.State.FIRING), before, 10)))
                .isEmpty();
        assertThat(ids(ask(Optional.of("b"), Optional.of(Alert.State.RESOLVED), before, 10)))
                .isEmpty();
    }
}
