package io.gradwatch.experiments.cli;

import java.io.Console;
import java.util.Map;

/** Whether a person watches standard output as it comes. */
final class Terminal {
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
}
