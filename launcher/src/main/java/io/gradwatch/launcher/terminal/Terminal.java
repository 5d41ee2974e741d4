package io.gradwatch.launcher.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;

/** Standard output and standard error, with colours where a person reads them. Safe for any thread. */
public final class Terminal {
    private static final int LABEL_WIDTH = 14;
    private static final String ERASED_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean interactive;
    private final boolean coloured;

    /**
     * @param interactive whether a person sees the output as it comes, on a terminal that can erase a line
     * @param coloured whether it may be coloured
     */
    public Terminal(PrintStream out, PrintStream err, boolean interactive, boolean coloured) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
        this.coloured = coloured;
    }

    /**
     * The terminal of this process. The start script says in {@code gradwatch.terminal} whether standard output is one:
     * Java's own answer depends on standard input too.
     */
    public static Terminal ofProcess(Map<String, String> environment) {
        boolean interactive = Boolean.getBoolean("gradwatch.terminal") && !"dumb".equals(environment.get("TERM"));
        boolean coloured =
                interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(System.out, System.err, interactive, coloured);
    }

    public boolean interactive() {
        return interactive;
    }

    public boolean coloured() {
        return coloured;
    }

    /** A line on standard output. */
    public synchronized void line(String text) {
        endProgress();
        out.println(text);
        out.flush();
    }

    /** What goes on at the moment, until the next line or progress; nothing where nobody sees it as it comes. */
    public synchronized void progress(String text) {
        if (interactive) {
            endProgress();
            out.print("  " + dim(text));
            out.flush();
        }
    }

    /** Takes the progress away; a child's too, which may have left one on this terminal. */
    public synchronized void endProgress() {
        if (interactive) {
            out.print(ERASED_LINE);
            out.flush();
        }
    }

    /** A label and its value, the values below each other. */
    public void field(String label, String value) {
        line("  " + dim(String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", label)) + value);
    }

    /** Something that happens on its own while a command runs: a part's name and what became of it. */
    public void notice(String part, String text) {
        line("  " + dim(String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", part)) + yellow(text));
    }

    /** What ended a command, on standard error. */
    public synchronized void problem(String text) {
        endProgress();
        err.println(styled("31", "gradwatch: ") + text);
        err.flush();
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    public String yellow(String text) {
        return styled("33", text);
    }

    /** An address to open. */
    public String link(String text) {
        return styled("36", text);
    }

    private String styled(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
