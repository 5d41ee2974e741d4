package io.gradwatch.experiments.layers;

import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** Vertex: the sum of two inputs of the same shape, then a sigmoid, as at the end of a residual block. */
public final class SumSigmoid extends SumActivation {
    private static final long serialVersionUID = 1L;

    @Override
    Pointwise activation() {
        return Pointwise.SIGMOID;
    }

    @Override
    public GraphVertex clone() {
        return new SumSigmoid();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SumSigmoid;
    }

    @Override
    public int hashCode() {
        return SumSigmoid.class.hashCode();
    }
}
