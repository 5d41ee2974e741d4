package io.gradwatch.experiments.table1;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A line of the table: a row of the paper, and the runs of it that were made under the same conditions.
 *
 * @param conditions empty if nobody has asked for the row; then there are no runs
 * @param finished runs, by seed
 * @param failed runs that have not been tried again since, by seed
 * @param begun number of runs that are under way or were interrupted
 * @param planned number of runs asked for so far, the finished and failed ones among them
 */
public record Line(
        Row row,
        Optional<Conditions> conditions,
        List<Entry.Finished> finished,
        List<Entry.Failed> failed,
        int begun,
        int planned) {
    public Line {
        finished = List.copyOf(finished);
        failed = List.copyOf(failed);
    }

    /** Test accuracies of the finished runs, percent. */
    public Sample test() {
        return Sample.of(
                finished.stream().map(run -> run.figures().testPercent()).toList());
    }

    /** Train accuracies of the finished runs, percent. */
    public Sample train() {
        return Sample.of(
                finished.stream().map(run -> run.figures().trainPercent()).toList());
    }

    /** Mean less the paper's figure, points; empty without a run, and where another task was learnt. */
    public OptionalDouble testDifference() {
        return difference(test(), row.paperTest());
    }

    /** Likewise for the train accuracy. */
    public OptionalDouble trainDifference() {
        return difference(train(), row.paperTrain());
    }

    private OptionalDouble difference(Sample sample, double paper) {
        boolean comparable =
                sample.count() > 0 && conditions.map(Conditions::samePaperTask).orElse(false);
        return comparable ? OptionalDouble.of(sample.mean() - paper) : OptionalDouble.empty();
    }

    /** What keeps the figures from being set against the paper's; in the order of the constants. */
    public List<Caveat> caveats() {
        return conditions
                .map(under -> List.of(Caveat.values()).stream()
                        .filter(caveat -> caveat.holdsFor(under))
                        .toList())
                .orElse(List.of());
    }

    /** The caveats' signs; empty for none. */
    String signs() {
        return String.join("", caveats().stream().map(Caveat::sign).toList());
    }

    /** What there is instead of figures; empty if there are some. */
    Optional<String> instead() {
        if (!finished.isEmpty()) {
            return Optional.empty();
        }
        if (begun > 0) {
            return Optional.of("unfinished");
        }
        return Optional.of(failed.isEmpty() ? "not run" : "failed");
    }

    /** Planned epochs, with a sign if they are not the paper's; a dash if nobody has asked for the row. */
    String epochs() {
        return conditions
                .map(under -> under.epochs() + (Caveat.EPOCHS.holdsFor(under) ? Caveat.EPOCHS.sign() : ""))
                .orElse(Text.NONE);
    }

    /** Finished runs of those asked for, "3/5"; a dash if there are none. */
    String runs() {
        return planned == 0 ? Text.NONE : finished.size() + "/" + planned;
    }
}
