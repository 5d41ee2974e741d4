package io.gradwatch.telemetry.rules.user;

import static org.assertj.core.api.Assertions.assertThat;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.history.Metric;
import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleFileTest {
    private static final String SMALL = """
            rules:
              - name: tiny
                metric: gradient.mean_abs
                aggregate: median
                when: below 1e-7
            """;

    @Test
    void readsEverythingThatARuleCanSay() {
        RuleSet rules = valid("""
                # whole
                rules:
                  - name: dead-layers
                    metric: gradient.mean_abs
                    layers: {name: "stage?.*", type: conv2d, indices: 1..20, first: 3, side_paths: true}
                    aggregate: share below 1e-8
                    window: mean of 50 iterations
                    when: ">= 25%"
                    clear: < 0.1
                    critical: ">= 0.5"
                    for: 20 iterations
                    keep: 30 s
                    warm_up: 100 iterations
                    severity: warning
                    message: "{layers} of {of_layers} layers starve, {value} now (limit {threshold})"
                    catches: [vanishing]
                    inhibited_by: [nan-inf, explode]
                    action: learning_rate x 0.1
                    dry_run: true
                standard:
                  plateau: off
                  vanish-floor: {warning_share: 0.3, for: 40 iterations}
                """);
        RuleSet.Entry own = rules.entries().get(15);
        assertThat(own.description().rule()).isEqualTo("dead-layers");
        assertThat(own.description().severity()).isEqualTo(Severity.CRITICAL);
        assertThat(own.description().description())
                .isEqualTo("Mean of 50 iterations of share of the layers (first 3, name stage?.*, type conv2d, indices"
                        + " 1..20 with side paths) with gradient.mean_abs below 1e-8 at least 0.25 (warning), at least"
                        + " 0.5 (critical); gone when below 0.1.");
        assertThat(own.description().parameters())
                .containsEntry("threshold", 0.25)
                .containsEntry("keep_seconds", 30.0);
        assertThat(own.line()).isEqualTo(3);
        assertThat(own.catches()).containsExactly("vanishing");
        assertThat(own.inhibitedBy()).containsExactly("nan-inf", "explode");
        assertThat(own.action()).contains(new RuleAction(RuleAction.Kind.LEARNING_RATE, 0.1, true));
        assertThat(rules.engine().descriptions())
                .noneMatch(d -> d.rule().equals("plateau"))
                .hasSize(15);
        assertThat(rules.entries())
                .filteredOn(e -> !e.enabled())
                .singleElement()
                .satisfies(e -> assertThat(e.description().rule()).isEqualTo("plateau"));
        assertThat(rules.entries().get(1).changes())
                .containsExactly("warning_share 0.3 instead of 0.25", "for 40 iterations instead of 20 iterations");
        assertThat(rules.entries().get(1).description().parameters())
                .containsEntry("warning_share", 0.3)
                .containsEntry("for_iterations", 40.0);
        assertThat(rules.entries().get(1).description().version()).isGreaterThan(1_000);
    }

    @Test
    void theExamplesOfTheDocumentationAreValid() throws IOException {
        String page = Files.readString(Path.of("../docs/alerts.md"));
        String text = page.substring(page.indexOf("    rules:\n      # "), page.indexOf("### What a rule says"))
                .indent(-4);
        RuleSet rules = valid(text);
        assertThat(rules.ownRules())
                .extracting(Rule::name)
                .containsExactly("starving-entry", "slower", "validation-stuck");
        assertThat(rules.action("nan-inf")).contains(new RuleAction(RuleAction.Kind.STOP, 1, false));
        assertThat(rules.action("plateau")).isEmpty();
        for (String field : RuleReader.FIELDS) {
            assertThat(page).contains("| `" + field + "` |");
        }
        for (String placeholder : Message.PLACEHOLDERS) {
            assertThat(page).contains("`{" + placeholder + "}`");
        }
    }

    @Test
    void anEmptyFileLeavesTheStandardRules() {
        for (String text : List.of("", "# nothing\n", "rules:\n", "rules: []\nstandard: {}\n")) {
            assertThat(valid(text).engine().descriptions())
                    .isEqualTo(RuleEngine.standard().descriptions());
        }
    }

    @Test
    void namesEveryMistakeWithItsPlaceAtOnce() {
        List<String> problems = problems("""
                rules:
                  - name: Tiny
                    metric: gradient.mean_ab
                    when: below tiny
                    sevrity: warning
                    for: 20
                  - name: other
                    metric: loss
                    aggregate: max
                    when: is nan
                    window: mean of 5 iterations
                  - metric: accuracy
                    when: < 0.1
                    clear: < 0.2
                    inhibited_by: vanish-flor
                standard:
                  platau: off
                  explode: {normm: 3}
                  overfit: {stale_epochs: 2.5}
                """);
        assertThat(problems)
                .anyMatch(p -> p.startsWith("rules.yaml:2:11: name is \"Tiny\": accepted are at most 50 small letters"))
                .anyMatch(p -> p.startsWith("rules.yaml:3:13: metric is \"gradient.mean_ab\": there is no such metric")
                        && p.contains("did you mean gradient.mean_abs?"))
                .anyMatch(p -> p.startsWith("rules.yaml:4:11: when is \"below tiny\": accepted is a number"))
                .anyMatch(p -> p.startsWith("rules.yaml:5:5: a rule has no \"sevrity\" (did you mean severity?)"))
                .anyMatch(
                        p -> p.startsWith("rules.yaml:6:10: for is \"20\": accepted is a number above 0 with its unit"))
                .anyMatch(p -> p.startsWith("rules.yaml:9:16: \"NaN\" is asked of every layer by itself"))
                .anyMatch(p -> p.startsWith("rules.yaml:11:13: \"is NaN\" is asked of every value by itself"))
                .anyMatch(p -> p.startsWith("rules.yaml:12:5: name is missing"))
                .anyMatch(p -> p.startsWith("rules.yaml:17:3: standard has no \"platau\" (did you mean plateau?)"))
                .anyMatch(p -> p.startsWith("rules.yaml:18:13: explode has no \"normm\" (did you mean norm?)")
                        || p.startsWith("rules.yaml:18:12: explode has no \"normm\" (did you mean norm?)"))
                .anyMatch(p ->
                        p.startsWith("rules.yaml:19:12: overfit: stale_epochs is 2.5; accepted are whole numbers"));
        assertThat(problems).isSortedAccordingTo((a, b) -> Integer.compare(line(a), line(b)));
    }

    private static int line(String problem) {
        return Integer.parseInt(problem.split(":", -1)[1]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "clear: below 1e-8    | 6:12: clear must lie on the other side",
                "clear: at most 1     | 6:12: clear must lie on the other side",
                "critical: below 1e-6 | 6:15: critical must be stricter",
                "severity: fatal      | 6:15: severity is \"fatal\": accepted is info, warning or critical",
                "layers: frist 3      | 6:13: layers is \"frist 3\": accepted is all, first 3",
                "layers: 5..2         | 6:13: layers is \"5..2\": the range is empty",
                "layers: {nam: x}     | 6:14: layers has no \"nam\" (did you mean name?)",
                "window: mean of 30 s | 6:13: window is \"mean of 30 s\": accepted are whole numbers up to 100000",
                "window: mean of 200000 iterations | 6:13: window is",
                "window: slope of 1 iteration      | 6:13: window is \"slope of 1 iteration\": a slope needs 2",
                "aggregate: max       | 6:5: aggregate is there twice",
                "message: 'at {leyer}' | 6:14: message is \"at {leyer}\": there is no placeholder {leyer} (did you mean layer?)",
                "message: 'a } b'     | 6:14: message is \"a } b\": a } stands alone",
                "inhibited_by: nan-infs | 6:19: inhibited_by: there is no rule nan-infs (did you mean nan-inf?)",
                "inhibited_by: tiny   | 6:19: tiny is inhibited by a rule that is inhibited by it",
                "action: reboot       | 6:13: action is \"reboot\": accepted is stop, pause, checkpoint, learning_rate x",
                "action: learning_rate x 100 | 6:13: action is",
                "dry_run: true        | 6:14: dry_run has no meaning without an action",
                "warm_up: 3 epochs    | 6:14: warm_up is \"3 epochs\": accepted are whole iterations",
                "keep: 0 iterations   | 6:11: keep is \"0 iterations\": accepted is a number above 0",
                "name: &a twice       | 6:",
                "catches: {a: b}      | 6:14: catches holds a mapping",
                "for:                 | 6:9: for is empty",
            })
    void pointsAtTheMistake(String line, String problem) {
        assertThat(problems(SMALL + "    " + line + "\n")).anyMatch(p -> p.startsWith("rules.yaml:" + problem.strip()));
    }

    @Test
    void explainsWhatYamlMakesOfAComparison() {
        assertThat(problems("rules:\n  - name: a\n    metric: loss\n    when: >= 3\n"))
                .singleElement()
                .satisfies(p -> assertThat(p)
                        .startsWith("rules.yaml:4:")
                        .contains("this is not YAML")
                        .contains("write when: \">= 3\""));
        assertThat(problems("rules:\n  - name: a\n    metric: loss\n    when: != 3\n"))
                .anySatisfy(p -> assertThat(p).startsWith("rules.yaml:4:11:").contains("write \"!= 3\""));
        assertThat(problems(
                        "rules:\n  - name: a\n    metric: loss\n    message: {value} is too much\n    when: is nan\n"))
                .singleElement()
                .satisfies(p ->
                        assertThat(p).contains("this is not YAML").contains("write message: \"{value} is too much\""));
        assertThat(problems("rules:\n  - name: a\n\tmetric: loss\n"))
                .singleElement()
                .satisfies(p -> assertThat(p).startsWith("rules.yaml:3:"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rules: &all []\nstandard: *all\n",
                "rules: !!javax.script.ScriptEngineManager [!!java.net.URL [\"http://127.0.0.1\"]]\n",
                "rules: !!python/object/apply:os.system [ls]\n",
                "--- {}\n--- {}\n",
                "[[[[[[[[[[[]]]]]]]]]]]\n",
                "? [a, b]\n: c\n",
                "text\n",
                "rules: 5\n",
                "rules: [5]\n",
                "standard: {plateau: 5}\n",
                "rules: {\n",
            })
    void refusesWhatIsNotAPlainRuleFile(String text) {
        assertThat(problems(text)).isNotEmpty().allMatch(p -> p.matches("rules\\.yaml:\\d+:\\d+: .{10,}"));
    }

    @Test
    void refusesWhatIsTooMuch() {
        StringBuilder many = new StringBuilder("rules:\n");
        for (int i = 0; i < 101; i++) {
            many.append("  - {name: r").append(i).append(", metric: loss, when: is nan}\n");
        }
        assertThat(problems(many.toString()))
                .containsExactly("rules.yaml:102:5: there are 101 rules; accepted are at most 100");
        assertThat(problems("# " + "x".repeat(300_000)))
                .singleElement()
                .satisfies(p -> assertThat(p).contains("accepted are at most"));
        assertThat(problems("rules: [" + "{},".repeat(30_000) + "]"))
                .singleElement()
                .satisfies(p -> assertThat(p).contains("more than 20000 values"));
        List<String> mistakes = problems("rules: [" + "{},".repeat(100) + "]");
        assertThat(mistakes).hasSize(101);
        assertThat(mistakes.get(100)).endsWith("… and 200 further mistakes");
    }

    @Test
    void theVersionTellsRulesApartThatJudgeDifferently() {
        int version = version(SMALL);
        assertThat(version(SMALL)).isEqualTo(version);
        assertThat(version(SMALL + "    message: other words\n    catches: [vanishing]\n    action: stop\n"))
                .isEqualTo(version);
        assertThat(version(SMALL + "    for: 20 iterations\n")).isEqualTo(version);
        assertThat(version(SMALL.replace("1e-7", "1e-6"))).isNotEqualTo(version);
        assertThat(version(SMALL + "    for: 21 iterations\n")).isNotEqualTo(version);
        assertThat(version(SMALL + "    layers: first 3\n")).isNotEqualTo(version);
        assertThat(version(SMALL + "    inhibited_by: []\n")).isNotEqualTo(version);
    }

    private static int version(String text) {
        return valid(text).entries().get(15).description().version();
    }

    @Test
    void knowsEveryMetricOfTheApi() {
        Set<String> names = new TreeSet<>(Measure.names());
        names.removeAll(Metric.names());
        assertThat(names)
                .containsExactly(
                        "epoch_duration_ms",
                        "test_accuracy",
                        "test_loss",
                        "train_accuracy",
                        "train_loss",
                        "validation_accuracy",
                        "validation_loss");
        assertThat(Measure.names()).containsAll(Metric.names());
    }

    @Test
    void everyNumberOfAStandardRuleCanBeChanged() {
        for (Rule rule : RuleEngine.standardRules()) {
            List<String> fixed = new ArrayList<>(rule.description().parameters().keySet());
            fixed.removeAll(StandardRule.parameters(rule));
            assertThat(fixed)
                    .as(rule.name())
                    .allMatch(n -> n.matches("(for|keep)_(iterations|epochs|seconds)|warm_up_iterations")
                            || n.contains("half_life")
                            || n.equals("window_iterations"));
            for (String name : StandardRule.parameters(rule)) {
                Double value = rule.description().parameters().get(name);
                if (value == null) {
                    continue; // a length of training in another unit
                }
                double other = value == Math.rint(value) ? value + 1 : value * 1.01;
                if (name.contains("share")) {
                    other = value * 0.99;
                }
                RuleFile file =
                        RuleFile.read("rules.yaml", "standard: {" + rule.name() + ": {" + name + ": " + other + "}}\n");
                if (file instanceof RuleFile.Malformed malformed) {
                    // some numbers bound each other: then the rule says so
                    assertThat(malformed.problems().get(0).message()).contains(rule.name());
                    continue;
                }
                RuleSet rules = ((RuleFile.Valid) file).rules();
                RuleSet.Entry entry = rules.entries().stream()
                        .filter(e -> e.description().rule().equals(rule.name()))
                        .findFirst()
                        .orElseThrow();
                assertThat(entry.description().parameters()).containsEntry(name, other);
                assertThat(entry.changes()).hasSize(1);
            }
        }
    }

    @Test
    void aRuleStandsBehindThoseThatExplainIt() {
        RuleSet rules = valid("""
                rules:
                  - {name: late, metric: loss, when: above 3, inhibited_by: [early, plateau]}
                  - {name: early, metric: loss, when: above 9}
                """);
        assertThat(rules.entries().stream().skip(15).map(e -> e.description().rule()))
                .containsExactly("early", "late");
        assertThat(problems("""
                        rules:
                          - {name: one, metric: loss, when: above 3, inhibited_by: two}
                          - {name: two, metric: loss, when: above 9, inhibited_by: [one]}
                          - {name: nan-inf, metric: loss, when: above 9}
                          - {name: one, metric: loss, when: above 9}
                        """))
                .anyMatch(p -> p.startsWith("rules.yaml:2:60: one is inhibited by a rule that is inhibited by it"))
                .anyMatch(p -> p.startsWith("rules.yaml:3:"))
                .anyMatch(p -> p.startsWith("rules.yaml:4:12: nan-inf is a standard rule"))
                .anyMatch(p -> p.startsWith("rules.yaml:5:12: a rule named one is in line 2 already"));
    }

    static RuleSet valid(String text) {
        RuleFile file = RuleFile.read("rules.yaml", text);
        assertThat(file).as(file.toString()).isInstanceOf(RuleFile.Valid.class);
        return ((RuleFile.Valid) file).rules();
    }

    static List<String> problems(String text) {
        RuleFile file = RuleFile.read("rules.yaml", text);
        assertThat(file).as(text).isInstanceOf(RuleFile.Malformed.class);
        return ((RuleFile.Malformed) file)
                .problems().stream().map(Problem::toString).toList();
    }
}
