package io.gradwatch.telemetry.access;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A token that was given to somebody.
 *
 * @param name of who has it, for people and for the audit records
 * @param id of the token
 * @param hash of the token
 */
public record Grant(String name, Role role, String id, String hash, Instant since) {
    /** What a name may be, in words. */
    public static final String NAME_FORM =
            "1 to 64 letters, digits, dots, underscores, hyphens and @, beginning with a letter or digit";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,63}");

    /** Whether it may be a name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
