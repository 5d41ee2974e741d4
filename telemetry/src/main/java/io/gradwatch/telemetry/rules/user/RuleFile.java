package io.gradwatch.telemetry.rules.user;

import java.util.List;

/** A rule file that has been read. Its language: docs/alerts.md, "Your own rules". */
public sealed interface RuleFile {
    /** Characters that a file may have. */
    int MOST_CHARACTERS = YamlReader.MOST_CHARACTERS;

    /** Without a mistake. */
    record Valid(RuleSet rules) implements RuleFile {}

    /**
     * With mistakes: nothing of it is used.
     *
     * @param problems at least one, in the order of the file
     */
    record Malformed(List<Problem> problems) implements RuleFile {
        public Malformed {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads a file. Pure; an empty text is a valid file without rules.
     *
     * @param name of the file, for messages
     */
    static RuleFile read(String name, String text) {
        return new RuleFileReader(name, text).read();
    }
}
