package io.gradwatch.listener.statistics;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/** Where statistics are made of the flattened arrays. */
enum Reduction {
    /** In Java, of a copy on the heap: the faster way where the arrays are in the machine's memory. */
    HOST,
    /** By ND4J's operations, where the arrays are: the faster way where that is a GPU. */
    DEVICE;

    /** System property that names one, in lower case; to compare the two. */
    static final String PROPERTY = "gradwatch.statistics.on";

    /** The one for ND4J's backend, unless the property names one. */
    static Reduction chosen() {
        return of(System.getProperty(PROPERTY), Nd4j.getBackend().getClass().getName());
    }

    static Reduction of(@Nullable String wanted, String backend) {
        if (wanted == null) {
            return backend.startsWith("org.nd4j.linalg.jcublas.") ? DEVICE : HOST;
        }
        return switch (wanted) {
            case "host" -> HOST;
            case "device" -> DEVICE;
            default ->
                throw new IllegalArgumentException(PROPERTY + " \"" + wanted + "\": accepted are host and device");
        };
    }
}
