package io.gradwatch.listener.network;

import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What an activation function's results tell of the signs of its arguments.
 *
 * @param kind in which way
 * @param atZero the function's value at 0; NaN where the kind does not need it
 */
public record NonLinearity(Kind kind, float atZero) {
    /** How to tell whether an argument was negative. */
    public enum Kind {
        /** Not at all: the function changes nothing. */
        NONE,
        /** By a result below the value at 0: leaky ReLU, ELU, GELU, tanh, sigmoid. */
        BELOW,
        /**
         * By the value at 0 itself, which is all that negative arguments give: ReLU. An argument that is exactly zero
         * counts as negative, because it cannot be told apart.
         */
        AT_MOST,
        /** Not at all: softmax, functions that are not monotone near 0. */
        UNKNOWN
    }

    static final NonLinearity NONE = new NonLinearity(Kind.NONE, Float.NaN);
    static final NonLinearity UNKNOWN = new NonLinearity(Kind.UNKNOWN, Float.NaN);

    private static final float[] SIZES = {0.01f, 0.1f, 0.5f, 1, 3};

    /** Tries a function on a few numbers: so it need not be known by name. */
    static NonLinearity of(IActivation function) {
        int n = SIZES.length;
        float[] arguments = new float[2 * n + 1];
        for (int i = 0; i < n; i++) {
            arguments[i] = -SIZES[i];
            arguments[n + 1 + i] = SIZES[i];
        }
        float[] results = results(function, arguments);
        float[] others = arguments.clone();
        others[2 * n] = 100;
        float[] besideAnother = results(function, others);
        boolean same = true;
        boolean below = true;
        boolean flat = true;
        boolean above = true;
        float zero = results[n];
        for (int i = 0; i < 2 * n; i++) {
            if (results[i] != besideAnother[i]) {
                return UNKNOWN; // not element by element
            }
            same &= results[i] == arguments[i];
            if (i < n) {
                below &= results[i] < zero;
                flat &= results[i] == zero;
            } else if (i > n) {
                above &= results[i] > zero;
            }
        }
        if (same && results[2 * n] == arguments[2 * n]) {
            return NONE;
        }
        if (above && below) {
            return new NonLinearity(Kind.BELOW, zero);
        }
        return above && flat ? new NonLinearity(Kind.AT_MOST, zero) : UNKNOWN;
    }

    private static float[] results(IActivation function, float[] arguments) {
        INDArray in =
                Nd4j.createFromArray(arguments.clone()).castTo(DataType.FLOAT).reshape(1, arguments.length);
        return function.getActivation(in, false).toFloatVector();
    }

    /** Whether it is one, be it a known one or not. */
    boolean isOne() {
        return kind != Kind.NONE;
    }

    /** Whether results tell the signs of arguments. */
    public boolean tellsSigns() {
        return kind == Kind.BELOW || kind == Kind.AT_MOST;
    }
}
