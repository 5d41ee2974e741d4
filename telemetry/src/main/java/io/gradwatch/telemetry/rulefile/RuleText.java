package io.gradwatch.telemetry.rulefile;

import io.gradwatch.telemetry.rules.user.Problem;
import io.gradwatch.telemetry.rules.user.RuleFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is in a file at one moment. */
public sealed interface RuleText {
    /** There is no file. */
    record Absent() implements RuleText {}

    /** As text, whatever it says. */
    record Present(String text) implements RuleText {}

    /** Why it cannot be read. */
    record Unreadable(Problem problem) implements RuleText {}

    /** A file may be larger than its text is allowed to be, in bytes. */
    long MOST_BYTES = 4L * RuleFile.MOST_CHARACTERS;

    /** Reads it. */
    static RuleText of(Path file) {
        try {
            if (!Files.exists(file)) {
                return new Absent();
            }
            if (!Files.isRegularFile(file)) {
                return unreadable(file, "this is not a file; accepted is a YAML file");
            }
            if (Files.size(file) > MOST_BYTES) {
                return unreadable(
                        file,
                        "the file has " + Files.size(file) + " bytes; accepted are at most " + RuleFile.MOST_CHARACTERS
                                + " characters");
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            int bad = text.indexOf('\uFFFD');
            if (bad >= 0) {
                String before = text.substring(0, bad);
                int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
                int column = bad - before.lastIndexOf('\n');
                return new Unreadable(new Problem(name(file), line, column, "this is not UTF-8; accepted is UTF-8"));
            }
            return new Present(text);
        } catch (NoSuchFileException e) {
            return new Absent();
        } catch (IOException e) {
            return unreadable(file, "the file cannot be read: " + e);
        }
    }

    private static Unreadable unreadable(Path file, String message) {
        return new Unreadable(new Problem(name(file), 1, 1, message));
    }

    /** How a file is called in messages. */
    static String name(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
