package io.gradwatch.contract;

import java.util.regex.Pattern;

/** The form of run ids: 1 to 100 of letters, digits, dot, underscore and hyphen, beginning with a letter or digit. */
public final class RunIds {
    /** What is accepted, in words, for messages. */
    public static final String FORM =
            "1 to 100 letters, digits, dots, underscores and hyphens, beginning with a letter or digit";

    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private RunIds() {}

    /** Whether {@code id} may be a run's id. */
    public static boolean isValid(String id) {
        return PATTERN.matcher(id).matches();
    }
}
