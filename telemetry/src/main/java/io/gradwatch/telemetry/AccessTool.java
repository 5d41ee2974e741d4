package io.gradwatch.telemetry;

import io.gradwatch.telemetry.access.AccessFile;
import io.gradwatch.telemetry.access.Grant;
import io.gradwatch.telemetry.access.Grants;
import io.gradwatch.telemetry.access.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives tokens, shows who has one, and takes them back: {@code DIR add NAME ROLE}, {@code DIR list}, {@code DIR remove NAME}. A
 * service that runs takes the change in within a second. Exit codes: 0 done, 1 the file cannot be read or written, 2 bad usage.
 */
public final class AccessTool {
    private AccessTool() {}

    /** Takes the data directory, what to do, and with what. */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    static int run(List<String> arguments) {
        if (arguments.size() < 2) {
            return refused("accepted is DIR add NAME ROLE, DIR list, or DIR remove NAME");
        }
        AccessFile file = new AccessFile(Path.of(arguments.get(0)), Clock.systemUTC());
        List<String> rest = arguments.subList(2, arguments.size());
        try {
            return switch (arguments.get(1)) {
                case "add" -> add(file, rest);
                case "list" -> list(file);
                case "remove" -> remove(file, rest);
                default -> refused("\"" + arguments.get(1) + "\" is not known; accepted is add, list or remove");
            };
        } catch (IllegalArgumentException e) {
            return refused(e.getMessage());
        } catch (IOException e) {
            System.err.println(file.path() + " cannot be used: " + e);
            return 1;
        }
    }

    private static int add(AccessFile file, List<String> rest) throws IOException {
        Optional<Role> role = rest.size() == 2 ? Role.of(rest.get(1)) : Optional.empty();
        if (role.isEmpty()) {
            return refused("accepted is add NAME and one of viewer, operator, admin");
        }
        String token = file.add(rest.get(0), role.get());
        System.out.println(token);
        System.err.println("This is the token of " + rest.get(0) + " ("
                + role.get().label() + "). It is shown this once: only its hash is kept, in " + file.path() + ".");
        return 0;
    }

    private static int list(AccessFile file) throws IOException {
        Optional<Grants> grants = file.read();
        if (grants.isEmpty()) {
            System.out.println("Nobody has a token: whoever reaches the service may do everything.");
            return 0;
        }
        for (Grant grant : grants.get().all()) {
            System.out.println(String.format(
                    Locale.ROOT,
                    "%-20s  %-8s  since %s",
                    grant.name(),
                    grant.role().label(),
                    grant.since()));
        }
        if (grants.get().all().isEmpty()) {
            System.out.println(NOBODY_LEFT + file.path() + ".");
        }
        return 0;
    }

    private static final String NOBODY_LEFT =
            "Nobody has a token any more, and nobody gets in. To have it open to whoever reaches it, delete ";

    private static int remove(AccessFile file, List<String> rest) throws IOException {
        if (rest.size() != 1) {
            return refused("accepted is remove NAME");
        }
        Grants left = file.remove(rest.get(0));
        System.out.println("The token of " + rest.get(0) + " is valid no more.");
        if (left.all().isEmpty()) {
            System.out.println(NOBODY_LEFT + file.path() + ".");
        }
        return 0;
    }

    private static int refused(@Nullable String message) {
        System.err.println(message);
        return 2;
    }
}
