package io.gradwatch.telemetry;

import io.gradwatch.telemetry.rulefile.RuleText;
import io.gradwatch.telemetry.rules.user.Problem;
import io.gradwatch.telemetry.rules.user.RuleFile;
import io.gradwatch.telemetry.rules.user.RuleSet;
import java.nio.file.Path;
import java.util.List;

/** Looks for mistakes in a rule file, without a service. Exit codes: 0 none, 1 some, 2 bad usage. */
public final class RulesTool {
    private RulesTool() {}

    /** Takes the file as its only argument. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("accepted is one file of rules");
            System.exit(2);
        }
        System.exit(check(Path.of(arguments[0])));
    }

    private static int check(Path file) {
        RuleText text = RuleText.of(file);
        if (text instanceof RuleText.Absent) {
            System.err.println(file + " is not there; accepted is a file of rules");
            return 2;
        }
        if (text instanceof RuleText.Unreadable unreadable) {
            return told(List.of(unreadable.problem()));
        }
        RuleFile read = RuleFile.read(RuleText.name(file), ((RuleText.Present) text).text());
        if (read instanceof RuleFile.Malformed malformed) {
            return told(malformed.problems());
        }
        RuleSet rules = ((RuleFile.Valid) read).rules();
        rules.entries().stream()
                .filter(e -> e.line() > 0)
                .forEach(e -> System.out.println("  " + e.description().rule() + ": "
                        + (!e.standard()
                                ? e.description().description()
                                : !e.enabled() ? "off" : String.join(", ", e.changes()))
                        + e.action()
                                .map(a -> " Action: " + a.text() + (a.dryRun() ? " (dry run)." : "."))
                                .orElse("")));
        System.out.println(RuleText.name(file) + " has no mistakes.");
        return 0;
    }

    private static int told(List<Problem> problems) {
        problems.forEach(System.err::println);
        return 1;
    }
}
