package io.gradwatch.experiments.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a person watches standard output as it comes. */
final class Terminal {
    private static final int DEFAULT_COLUMNS = 80;
    private static final int PLAIN_COLUMNS = 120;
    /** Rows and columns; a terminal that does not know them says 0. */
    private static final Pattern SIZE = Pattern.compile("\\d{1,5} ([1-9]\\d{0,4})");

    private Terminal() {}

    /**
     * True on an interactive terminal that can rewrite a line; {@code GRADWATCH_TERMINAL} (1 or 0) decides for a process
     * whose standard input is not the terminal.
     */
    static boolean isInteractive(Map<String, String> environment) {
        String decided = environment.get("GRADWATCH_TERMINAL");
        if ("1".equals(decided) || "0".equals(decided)) {
            return "1".equals(decided);
        }
        Console console = System.console();
        return console != null && !"dumb".equals(environment.get("TERM")) && isTerminal(console);
    }

    /** From Java 22 on there is a console without a terminal, too. */
    private static boolean isTerminal(Console console) {
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /**
     * Characters of a line on the terminal: {@code COLUMNS}, else what the terminal says of itself, else 80; for output that
     * nobody watches as it comes, {@code COLUMNS}, else {@value #PLAIN_COLUMNS}.
     */
    static int columns(Map<String, String> environment, boolean interactive) {
        String decided = environment.getOrDefault("COLUMNS", "");
        if (decided.matches("[1-9]\\d{0,4}")) {
            return Integer.parseInt(decided);
        }
        return interactive ? columnsOfTerminal() : PLAIN_COLUMNS;
    }

    private static int columnsOfTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            Matcher columns = SIZE.matcher(size);
            return columns.matches() ? Integer.parseInt(columns.group(1)) : DEFAULT_COLUMNS;
        } catch (IOException e) {
            return DEFAULT_COLUMNS; // not a system with stty
        }
    }
}
