package io.gradwatch.telemetry.rules.user;

import io.gradwatch.contract.v1.Alert.Severity;
import io.gradwatch.telemetry.rules.Span;
import io.gradwatch.telemetry.rules.Timing;
import io.gradwatch.telemetry.rules.user.Measure.Per;
import io.gradwatch.telemetry.rules.user.Node.Mapping;
import io.gradwatch.telemetry.rules.user.Node.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One rule of a file. */
final class RuleReader {
    static final List<String> FIELDS = List.of(
            "name",
            "metric",
            "layers",
            "aggregate",
            "window",
            "when",
            "clear",
            "critical",
            "for",
            "keep",
            "warm_up",
            "severity",
            "message",
            "catches",
            "inhibited_by",
            "action",
            "dry_run");

    private static final int MOST_LABELS = 10;
    private static final int MOST_LABEL = 64;
    private static final int MOST_INHIBITORS = 20;

    /** A rule and what is not part of the function. */
    record Read(
            UserRule rule,
            int line,
            Node inhibitedBy,
            List<Scalar> inhibitors,
            List<String> catches,
            Optional<RuleAction> action) {}

    private final Fields fields;
    private final Mapping mapping;
    private final Problems problems;

    private RuleReader(Mapping mapping, Problems problems) {
        this.mapping = mapping;
        this.problems = problems;
        this.fields = new Fields(mapping, "a rule", FIELDS, problems);
    }

    /** The rule; null when it has a mistake. */
    static @Nullable Read read(Mapping mapping, Problems problems) {
        int before = problems.count();
        Read read = new RuleReader(mapping, problems).read();
        return problems.count() == before ? read : null;
    }

    private @Nullable Read read() {
        String name = fields.need("name", "small letters, digits and hyphens", Texts::name);
        Measure measure = fields.need("metric", "the name of a metric, for example gradient.mean_abs", Measure::read);
        Comparison when = fields.need("when", Comparison.ACCEPTED, Comparison::read);
        LayerChoice layers = layers(measure);
        Aggregate aggregate = fields.read("aggregate", Aggregate::read);
        Window window = Objects.requireNonNullElse(fields.read("window", Window::read), Window.LAST);
        Comparison clear = fields.read("clear", Comparison::read);
        Comparison critical = fields.read("critical", Comparison::read);
        Severity severity = Objects.requireNonNullElse(fields.read("severity", RuleReader::severity), Severity.WARNING);
        Message message = fields.read("message", Message::read);
        List<String> catches = catches(fields, problems);
        Optional<RuleAction> action = action(fields, problems);
        boolean ofEpochs = measure != null && measure.per() == Per.EPOCH;
        Timing timing = timing(ofEpochs);
        List<Scalar> inhibitors = fields.texts("inhibited_by");
        if (inhibitors.size() > MOST_INHIBITORS) {
            problems.at(fields.place("inhibited_by"), "accepted are at most " + MOST_INHIBITORS + " rules");
        }
        if (measure == null || when == null || name == null) {
            return null;
        }
        aggregated(measure, when, aggregate);
        windowed(measure, when, window);
        compared(when, clear, critical, severity);
        List<String> explained = fields.has("inhibited_by")
                ? inhibitors.stream().map(Scalar::text).distinct().toList()
                : when.isOfKind() ? List.of() : List.of("nan-inf");
        UserRule rule = new UserRule(
                        name,
                        0,
                        measure,
                        layers,
                        aggregate,
                        window,
                        when,
                        clear,
                        critical,
                        severity,
                        timing,
                        explained,
                        message,
                        Set.copyOf(catches))
                .versioned();
        return new Read(rule, mapping.line(), fields.place("inhibited_by"), inhibitors, catches, action);
    }

    private LayerChoice layers(@Nullable Measure measure) {
        Node node = fields.node("layers");
        if (node == null) {
            return LayerChoice.ALL;
        }
        if (measure != null && !measure.hasLayers()) {
            problems.at(node, measure.name() + " is not measured for layers: layers has no meaning; leave it out");
        }
        if (node instanceof Mapping several) {
            return layers(new Fields(several, "layers", LayerChoice.FIELDS, problems));
        }
        return Objects.requireNonNullElse(fields.read("layers", LayerChoice::read), LayerChoice.ALL);
    }

    private static LayerChoice layers(Fields f) {
        LayerChoice choice = LayerChoice.ALL;
        String name = f.read("name", LayerChoice::glob);
        String type = f.read("type", LayerChoice::glob);
        String block = f.read("block", LayerChoice::glob);
        Integer first = f.read("first", LayerChoice::count);
        Integer last = f.read("last", LayerChoice::count);
        Boolean side = f.read("side_paths", Texts::yes);
        LayerChoice indices = f.read("indices", LayerChoice.ALL::withIndices);
        choice = indices == null ? choice : indices;
        choice = name == null ? choice : choice.withName(name);
        choice = type == null ? choice : choice.withType(type);
        choice = block == null ? choice : choice.withBlock(block);
        choice = first == null ? choice : choice.withFirst(first);
        choice = last == null ? choice : choice.withLast(last);
        return side == null ? choice : choice.withSidePaths(side);
    }

    private Timing timing(boolean ofEpochs) {
        Span forSpan = fields.read("for", Texts::span);
        Span keepSpan = fields.read("keep", Texts::span);
        Integer warmUp = fields.read("warm_up", Texts::iterations);
        return new Timing(
                forSpan != null ? forSpan : ofEpochs ? Span.epochs(1) : Span.iterations(20),
                keepSpan != null ? keepSpan : ofEpochs ? Span.epochs(1) : Span.iterations(200),
                warmUp != null ? warmUp : ofEpochs ? 0 : 20);
    }

    private void aggregated(Measure measure, Comparison when, @Nullable Aggregate aggregate) {
        if (when.isOfKind()) {
            if (aggregate != null) {
                problems.at(
                        fields.place("aggregate"),
                        "\"" + when.inWords() + "\" is asked of every layer by itself; leave aggregate out");
            }
        } else if (measure.hasLayers() && aggregate == null && !fields.has("aggregate")) {
            problems.at(
                    mapping,
                    "aggregate is missing: " + measure.name() + " has a value for each layer; accepted is "
                            + Aggregate.ACCEPTED);
        } else if (!measure.hasLayers() && aggregate != null) {
            problems.at(
                    fields.place("aggregate"),
                    measure.name() + " is not measured for layers: aggregate has no meaning; leave it out (window"
                            + " takes several iterations together)");
        }
    }

    private void windowed(Measure measure, Comparison when, Window window) {
        if (window.function() == Window.Function.LAST) {
            return;
        }
        Node at = fields.place("window");
        if (when.isOfKind()) {
            problems.at(at, "\"is " + when.inWords() + "\" is asked of every value by itself; leave window out");
        } else if (measure.per() == Per.EPOCH && window.unit() != Span.Unit.EPOCHS) {
            problems.at(at, measure.name() + " is measured once an epoch; accepted is a window in epochs");
        } else if (measure.sampled() && window.unit() == Span.Unit.EPOCHS) {
            problems.at(
                    at,
                    measure.name() + " is measured in some iterations only; accepted is a window in iterations, which"
                            + " are those in which it is measured");
        } else if (window.function() == Window.Function.SLOPE && measure.per() == Per.EPOCH && window.length() < 2) {
            problems.at(at, "a slope needs 2 epochs or more");
        }
    }

    private void compared(
            Comparison when, @Nullable Comparison clear, @Nullable Comparison critical, Severity severity) {
        if (clear != null && !clear.isBackFrom(when)) {
            problems.at(
                    fields.place("clear"),
                    "clear must lie on the other side of \"" + when.inWords() + "\", without a value that satisfies"
                            + " both; accepted is " + back(when));
        }
        if (critical != null && !critical.isStricterThan(when)) {
            problems.at(
                    fields.place("critical"),
                    "critical must be stricter than \"" + when.inWords() + "\" and of the same direction");
        }
        if (critical != null && severity != Severity.WARNING) {
            problems.at(
                    fields.place("severity"),
                    "with critical: the severity below it is warning; leave severity out, or leave critical out");
        }
    }

    private static String back(Comparison when) {
        if (when.isDownwards()) {
            return "above or at least, with " + Texts.show(when.threshold()) + " or more";
        }
        return when.isUpwards()
                ? "below or at most, with " + Texts.show(when.threshold()) + " or less"
                : "none: leave it out";
    }

    private static Severity severity(String text) throws BadText {
        return switch (text) {
            case "info" -> Severity.INFO;
            case "warning" -> Severity.WARNING;
            case "critical" -> Severity.CRITICAL;
            default ->
                throw new BadText("accepted is info, warning or critical"
                        + Nearest.hint(text, List.of("info", "warning", "critical")));
        };
    }

    static List<String> catches(Fields fields, Problems problems) {
        List<String> labels = new ArrayList<>();
        for (Scalar label : fields.texts("catches")) {
            String text = label.text();
            if (text.isBlank() || text.length() > MOST_LABEL || text.chars().anyMatch(Character::isISOControl)) {
                problems.at(label, "accepted is a label of a run, 1 to " + MOST_LABEL + " characters: vanishing");
            } else if (!labels.contains(text)) {
                labels.add(text);
            }
        }
        if (labels.size() > MOST_LABELS) {
            problems.at(fields.place("catches"), "accepted are at most " + MOST_LABELS + " labels");
        }
        return labels;
    }

    static Optional<RuleAction> action(Fields fields, Problems problems) {
        RuleAction action = fields.read("action", RuleAction::read);
        Boolean dry = fields.read("dry_run", Texts::yes);
        if (dry != null && !fields.has("action")) {
            problems.at(fields.place("dry_run"), "dry_run has no meaning without an action");
        }
        return Optional.ofNullable(action).map(a -> a.asDryRun(dry != null && dry));
    }
}
