package io.gradwatch.telemetry.rules.user;

import io.gradwatch.telemetry.rules.Rule;
import io.gradwatch.telemetry.rules.RuleDescription;
import io.gradwatch.telemetry.rules.RuleEngine;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The standard rules as a file leaves them, and its own. */
public final class RuleSet {
    private final String name;
    private final String text;
    private final List<Entry> entries;
    private final List<Rule> own;
    private final RuleEngine engine;

    /**
     * A rule of the set, as people see it.
     *
     * @param standard whether it is one of the standard rules
     * @param enabled false of a standard rule that the file turns off: the engine does not have it
     * @param line of the file that speaks of it, from 1 on; 0: none
     * @param changes a standard rule's parameters that the file changes: "warning_share 0.3 instead of 0.25"
     * @param inhibitedBy rules that keep it from firing while they fire
     * @param catches labels of runs that it is meant to catch; in alphabetical order of standard rules
     * @param action what it asks to be done when it fires; empty: nothing
     */
    public record Entry(
            RuleDescription description,
            boolean standard,
            boolean enabled,
            int line,
            List<String> changes,
            List<String> inhibitedBy,
            List<String> catches,
            Optional<RuleAction> action) {
        public Entry {
            changes = List.copyOf(changes);
            inhibitedBy = List.copyOf(inhibitedBy);
            catches = List.copyOf(catches);
        }
    }

    RuleSet(String name, String text, List<Entry> entries, List<Rule> standard, List<Rule> own) {
        this.name = name;
        this.text = text;
        this.entries = List.copyOf(entries);
        this.own = List.copyOf(own);
        this.engine =
                RuleEngine.of(Stream.concat(standard.stream(), own.stream()).toList());
    }

    /** The standard rules alone. */
    public static RuleSet standard() {
        List<Entry> entries = RuleEngine.standardRules().stream()
                .map(rule -> StandardRule.unchanged(rule).entry())
                .toList();
        return new RuleSet("", "", entries, RuleEngine.standardRules(), List.of());
    }

    /** The rules as a function; all of them that are enabled. */
    public RuleEngine engine() {
        return engine;
    }

    /** The rules that the file adds, in the order of evaluation. */
    public List<Rule> ownRules() {
        return own;
    }

    /** Standard rules first, then those of the file, in the order of evaluation; disabled ones too. */
    public List<Entry> entries() {
        return entries;
    }

    /** What a rule asks to be done when it fires; empty of most, and of unknown ones. */
    public Optional<RuleAction> action(String rule) {
        return entry(rule).flatMap(Entry::action);
    }

    private Optional<Entry> entry(String rule) {
        return entries.stream().filter(e -> e.description().rule().equals(rule)).findFirst();
    }

    /** Name of the file as it was given to the reader; empty without one. */
    public String name() {
        return name;
    }

    /** The file's text; empty without one. */
    public String text() {
        return text;
    }
}
