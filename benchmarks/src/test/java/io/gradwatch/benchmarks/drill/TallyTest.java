package io.gradwatch.benchmarks.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static List<Row> rows(int attempt, long from, long to) {
        return LongStream.range(from, to).mapToObj(i -> new Row(attempt, i)).toList();
    }

    private static List<Row> both(List<Row> one, List<Row> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    @Test
    void threeEqualCountsAreNoProblem() {
        assertThat(new Tally("r", rows(1, 0, 5), rows(1, 0, 5), 5).problems()).isEmpty();
    }

    @Test
    void anAttemptReplacesWhatOlderOnesHaveLeftFromItsFirstIterationOn() {
        List<Row> resumed = both(rows(1, 0, 300), rows(2, 200, 260));
        assertThat(new Tally("r", resumed, resumed, 260).problems()).isEmpty();
        assertThat(new Tally("r", resumed, resumed, 300).problems())
                .containsExactly("r: the page holds 300 iterations, 260 count");
    }

    @Test
    void namesWhatIsMissingOrInvented() {
        assertThat(new Tally("r", rows(1, 0, 5), rows(1, 0, 3), 5).problems())
                .containsExactly("r: 2 of the log not in history: 3, 4");
        assertThat(new Tally("r", rows(1, 0, 5), both(rows(1, 0, 5), rows(2, 9, 10)), 5).problems())
                .containsExactly("r: 1 of history not in the log: 9 of attempt 2");
    }

    @Test
    void whatIsMissingAndWhatIsTwiceDoNotMakeUpForEachOther() {
        assertThat(new Tally("r", rows(1, 0, 4), both(rows(1, 0, 3), rows(1, 0, 1)), 4).problems())
                .containsExactly("r: 1 twice in history", "r: 1 of the log not in history: 3");
        assertThat(new Tally("r", both(rows(1, 0, 4), rows(1, 2, 3)), rows(1, 0, 4), 4).problems())
                .containsExactly("r: 1 twice in the log");
    }

    @Test
    void theVerdictIsAboutAllRunsAndAboutWhatElseHadToHold() {
        Tally good = new Tally("good", rows(1, 0, 5), rows(1, 0, 5), 5);
        Tally bad = new Tally("bad", rows(1, 0, 5), rows(1, 0, 5), 4);
        Report.Facts facts = new Report.Facts();
        facts.fact("caught up", "%.1f s", 1.25);
        assertThat(facts.report(List.of(good)).isEqual()).isTrue();
        assertThat(facts.report(List.of(good)).text())
                .contains("caught up: 1.3 s")
                .endsWith("EQUAL" + System.lineSeparator())
                .doesNotContain("NOT EQUAL");
        assertThat(facts.report(List.of(good, bad)).isEqual()).isFalse();
        assertThat(facts.report(List.of(good, bad)).text())
                .contains("DIFFERENT")
                .endsWith("NOT EQUAL" + System.lineSeparator());
        facts.must(false, "a promise was broken");
        assertThat(facts.report(List.of(good)).isEqual()).isFalse();
        assertThat(facts.report(List.of(good)).text()).contains("! a promise was broken");
    }

    @Test
    void aDrillThatCountedNothingHasNotShownThatAllIsEqual() {
        Report.Facts facts = new Report.Facts();
        assertThat(facts.report(List.of()).isEqual()).isFalse();
        assertThat(facts.report(List.of(new Tally("r", List.of(), List.of(), 0)))
                        .isEqual())
                .isFalse();
    }

    @Test
    void readsTheExportOfARun() {
        assertThat(Csv.rows("run,attempt,iteration,loss\r\nr,1,0,4.5\r\nr,2,1,\r\n"))
                .containsExactly(new Row(1, 0), new Row(2, 1));
    }
}
