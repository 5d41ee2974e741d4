package io.gradwatch.experiments.gpu;

import java.util.List;

/** Whether the CUDA backend can run, and what to say about it. */
public sealed interface Verdict {
    /**
     * It can.
     *
     * @param gpu the one that it will use
     * @param notes what a person should know of, each a sentence
     */
    record Usable(Gpu gpu, List<String> notes) implements Verdict {
        public Usable {
            notes = List.copyOf(notes);
        }
    }

    /**
     * It cannot.
     *
     * @param message why, in which respect each GPU is wrong, and what can be done; several lines
     */
    record Unusable(String message) implements Verdict {}
}
