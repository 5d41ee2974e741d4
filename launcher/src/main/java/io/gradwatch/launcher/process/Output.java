package io.gradwatch.launcher.process;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Where a child's standard output and standard error go. */
public sealed interface Output {

    /** To this process's own. */
    record Inherited() implements Output {}

    /**
     * To the end of a file, which a large one is first moved aside for.
     *
     * @param log is created, with its folder, where it does not exist
     * @param lines is also given each line of standard output, on a thread of the child's
     */
    record Logged(Path log, Consumer<String> lines) implements Output {}
}
