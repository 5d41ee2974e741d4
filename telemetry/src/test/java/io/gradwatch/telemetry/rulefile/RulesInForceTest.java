package io.gradwatch.telemetry.rulefile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gradwatch.telemetry.rulefile.RuleFileStatus.State;
import io.gradwatch.telemetry.rules.RuleEngine;
import io.gradwatch.telemetry.rules.user.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesInForceTest {
    private static final String ONE = "rules: [{name: one, metric: loss, when: above 5}]\n";
    private static final String TWO = "rules: [{name: two, metric: loss, when: above 5}]\n";
    private static final String BAD = "rules:\n  - name: one\n    metrik: loss\n";

    @TempDir
    Path data;

    @Test
    void withoutAFileTheStandardRulesAreInForce() throws IOException {
        try (RulesInForce rules = open()) {
            assertThat(rules.status().state()).isEqualTo(State.ABSENT);
            assertThat(rules.engine().descriptions())
                    .isEqualTo(RuleEngine.standard().descriptions());
        }
    }

    @Test
    void takesAFileThatIsThereUnchangedForTheSecondTime() throws IOException {
        try (RulesInForce rules = open()) {
            RuleEngine before = rules.engine();
            write(ONE);
            rules.look();
            assertThat(rules.engine()).isSameAs(before);
            write(TWO);
            rules.look();
            assertThat(rules.engine()).as("it is still being written").isSameAs(before);
            rules.look();
            assertThat(own(rules)).containsExactly("two");
            RuleEngine now = rules.engine();
            rules.look();
            assertThat(rules.engine()).isSameAs(now);
        }
    }

    @Test
    void aFileWithMistakesLeavesTheRulesInForceAndSaysWhere() throws IOException {
        write(ONE);
        try (RulesInForce rules = open()) {
            RuleEngine before = rules.engine();
            write(BAD);
            rules.look();
            rules.look();
            assertThat(rules.engine()).isSameAs(before);
            assertThat(rules.status().state()).isEqualTo(State.MALFORMED);
            assertThat(rules.status().problems()).extracting(Problem::line).containsExactly(2, 2, 3);
            assertThat(rules.rules().text()).isEqualTo(ONE);

            write(TWO);
            rules.look();
            rules.look();
            assertThat(rules.status().state()).isEqualTo(State.VALID);
            assertThat(rules.status().problems()).isEmpty();
            assertThat(own(rules)).containsExactly("two");
        }
    }

    @Test
    void aServiceThatStartsOnAFileWithMistakesGoesOnWithTheRulesThatItHad() throws IOException {
        write(ONE);
        open().close();
        write(BAD);
        try (RulesInForce rules = open()) {
            assertThat(rules.status().state()).isEqualTo(State.MALFORMED);
            assertThat(own(rules)).containsExactly("one");
        }
        Files.delete(data.resolve("rules.yaml"));
        try (RulesInForce rules = open()) {
            assertThat(own(rules)).as("a file that is gone on purpose").isEmpty();
        }
    }

    @Test
    void followsTheRealFileWithoutBeingTold() throws IOException {
        try (RulesInForce rules = open()) {
            rules.start();
            write(ONE);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(own(rules)).containsExactly("one"));
            write(BAD);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(rules.status().state()).isEqualTo(State.MALFORMED));
            assertThat(own(rules)).containsExactly("one");
            Files.delete(data.resolve("rules.yaml"));
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(rules.status().state()).isEqualTo(State.ABSENT));
            assertThat(own(rules)).isEmpty();
        }
    }

    @Test
    void putsATextInPlaceOfTheFileOrLeavesItAlone() throws IOException {
        write(ONE);
        try (RulesInForce rules = open()) {
            assertThat(rules.put(BAD)).hasSize(3);
            assertThat(data.resolve("rules.yaml")).hasContent(ONE);
            assertThat(rules.put(TWO)).isEmpty();
            assertThat(data.resolve("rules.yaml")).hasContent(TWO);
            assertThat(own(rules)).containsExactly("two");
            RuleEngine now = rules.engine();
            rules.look();
            assertThat(rules.engine()).isSameAs(now);
            try (var files = Files.list(data)) {
                assertThat(files.map(f -> f.getFileName().toString()))
                        .containsExactlyInAnyOrder("rules.yaml", "rules-in-force.yaml");
            }
        }
    }

    @Test
    void saysWhyAFileCannotBeRead() throws IOException {
        write(ONE);
        try (RulesInForce rules = open()) {
            Files.write(data.resolve("rules.yaml"), new byte[] {'a', ':', '\n', ' ', (byte) 0xFF, (byte) 0xFE});
            rules.look();
            rules.look();
            assertThat(rules.status().state()).isEqualTo(State.UNREADABLE);
            assertThat(rules.status().problems())
                    .extracting(Problem::toString)
                    .containsExactly("rules.yaml:2:2: this is not UTF-8; accepted is UTF-8");
            Files.delete(data.resolve("rules.yaml"));
            Files.createDirectory(data.resolve("rules.yaml"));
            rules.look();
            rules.look();
            assertThat(rules.status().problems().get(0).message()).contains("not a file");
            assertThat(own(rules)).containsExactly("one");
        }
    }

    @Test
    void anotherFileMustBeThere() throws IOException {
        Path other = data.resolve("other.yaml");
        assertThatThrownBy(() -> open(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--rules is \"" + other + "\"");
        Files.writeString(other, TWO);
        try (RulesInForce rules = open(other)) {
            assertThat(own(rules)).containsExactly("two");
        }
    }

    private RulesInForce open() {
        return open(null);
    }

    private RulesInForce open(@Nullable Path chosen) {
        return RulesInForce.open(data, chosen, Clock.systemUTC());
    }

    private void write(String text) throws IOException {
        Files.writeString(data.resolve("rules.yaml"), text);
    }

    private static List<String> own(RulesInForce rules) {
        return rules.rules().ownRules().stream().map(r -> r.name()).toList();
    }
}
