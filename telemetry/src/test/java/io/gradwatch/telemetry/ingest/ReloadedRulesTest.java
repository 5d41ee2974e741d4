package io.gradwatch.telemetry.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.Topic;
import io.gradwatch.contract.v1.Alert;
import io.gradwatch.contract.v1.Iteration;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.telemetry.history.History;
import io.gradwatch.telemetry.history.HistoryFixture;
import io.gradwatch.telemetry.ingest.LogFixture.LogConsumer;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.user.RuleFile;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other rules while the log is read. */
class ReloadedRulesTest {
    private static final RunStarted STARTED = HistoryFixture.started("vgg38", 5, 3);
    private static final String HIGH = "{name: high, metric: loss, when: above 5, for: 5 iterations, warm_up: 0}";
    private static final String HIGHER = "{name: higher, metric: loss, when: above 6, for: 5 iterations, warm_up: 0}";

    @TempDir
    Path directory;

    private final LogFixture log = new LogFixture();
    private History history;
    private long next;

    @BeforeEach
    void open() throws Exception {
        history = History.open(directory, Clock.systemUTC());
        log.start("a", 1, STARTED);
    }

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void takesEffectAtTheNextBatchAndLeavesUnchangedRulesAlone() {
        log.rules = rules(HIGH, HIGHER);
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        losses(20, 7);
        log.readAll(consumer, session);
        assertThat(states("high")).containsExactly("PENDING 0", "FIRING 4");
        assertThat(states("higher")).containsExactly("PENDING 0", "FIRING 4");

        log.rules = rules(HIGHER);
        losses(3, 7);
        log.readAll(consumer, session);

        assertThat(states("high")).containsExactly("PENDING 0", "FIRING 4", "RESOLVED 19");
        assertThat(last("high").getMessage()).isEqualTo("The rule was removed or turned off: this alert ends here.");
        assertThat(states("higher")).as("goes on as it was").containsExactly("PENDING 0", "FIRING 4");
        assertThat(history.runs().find("a").orElseThrow().firingAlerts()).isEqualTo(1);

        log.rules = rules(HIGH, HIGHER);
        losses(10, 7);
        log.readAll(consumer, session);
        assertThat(states("high"))
                .as("anew, with an id of its own")
                .containsExactly("PENDING 0", "FIRING 4", "RESOLVED 19", "PENDING 23", "FIRING 27");
    }

    @Test
    void aChangedRuleIsAnotherRule() {
        log.rules = rules(HIGH);
        LogConsumer consumer = log.consumer();
        IngestSession session = log.begin(consumer, history.writer());
        losses(20, 7);
        log.readAll(consumer, session);
        log.rules = rules(HIGH.replace("above 5", "above 4"));
        losses(10, 7);
        log.readAll(consumer, session);
        assertThat(states("high")).containsExactly("PENDING 0", "FIRING 4", "RESOLVED 19", "PENDING 20", "FIRING 24");
        assertThat(alerts("high").get(2).getMessage()).startsWith("The rule was changed");
        assertThat(alerts("high").stream().map(Alert::getRuleVersion).distinct())
                .hasSize(2);
        assertThat(alerts("high").stream().map(Alert::getAlertId).distinct()).hasSize(2);
    }

    @Test
    void aChangeWhileTheServiceWasDownEndsAlertsOfRunsThatAreOver() {
        log.rules = rules(HIGH);
        LogConsumer consumer = log.consumer();
        losses(20, 7);
        log.end("a", 1, STARTED);
        log.readAll(consumer, log.begin(consumer, history.writer()));
        log.rules = RuleEngine.standard();
        LogConsumer again = log.consumer();
        log.readAll(again, log.begin(again, history.writer()));
        assertThat(last("high").getState()).isEqualTo(Alert.State.RESOLVED);
        assertThat(history.alerts().ofRun("a"))
                .filteredOn(a -> a.newest().getRule().equals("high"))
                .singleElement()
                .satisfies(a -> assertThat(a.newest().getState()).isEqualTo(Alert.State.RESOLVED));

        log.rules = rules(HIGH);
        LogConsumer third = log.consumer();
        List<Alert> told = alerts("high");
        log.readAll(third, log.begin(third, history.writer()));
        assertThat(alerts("high")).as("nothing is invented").isEqualTo(told);
    }

    private void losses(int iterations, double loss) {
        for (int i = 0; i < iterations; i++) {
            log.append(
                    Topic.ITERATIONS,
                    1,
                    LogFixture.envelope("a", 1)
                            .setIteration(
                                    Iteration.newBuilder().setIteration(next++).setLoss((float) loss))
                            .build());
        }
    }

    private List<Alert> alerts(String rule) {
        return log.outbox.stream()
                .map(o -> o.alert())
                .filter(a -> a.getRule().equals(rule))
                .distinct()
                .toList();
    }

    private Alert last(String rule) {
        List<Alert> all = alerts(rule);
        return all.get(all.size() - 1);
    }

    private List<String> states(String rule) {
        return alerts(rule).stream()
                .map(a -> a.getState() + " " + a.getLastIteration())
                .toList();
    }

    private static RuleEngine rules(String... rules) {
        String text = "rules: [" + String.join(", ", rules) + "]\n";
        return ((RuleFile.Valid) RuleFile.read("rules.yaml", text)).rules().engine();
    }
}
