package io.gradwatch.benchmarks.drill;

/** One drill. */
interface Scenario {
    /** What breaks, in a line. */
    String title();

    /** Sets the stage, breaks something, and counts. */
    Report run(Stage stage) throws Exception;
}
