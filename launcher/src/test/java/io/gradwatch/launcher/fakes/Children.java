package io.gradwatch.launcher.fakes;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import sun.misc.Signal;

/** What every child process does. */
final class Children {
    private Children() {}

    static void ignoreInterrupts() {
        Signal.handle(new Signal("INT"), signal -> {});
    }

    /** Returns when the launcher has ended our input, or has died. */
    static void awaitEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String option(String[] arguments, String name, String otherwise) {
        for (int i = 0; i < arguments.length - 1; i++) {
            if (arguments[i].equals(name)) {
                return arguments[i + 1];
            }
        }
        return otherwise;
    }
}
