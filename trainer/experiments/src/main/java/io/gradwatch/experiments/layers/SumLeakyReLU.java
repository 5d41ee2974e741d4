package io.gradwatch.experiments.layers;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Vertex: the sum of two inputs of the same shape, then a leaky ReLU, as at the end of a residual block. */
public final class SumLeakyReLU extends SumActivation {
    private static final long serialVersionUID = 1L;

    private final double slope;

    /**
     * @param slope below zero; above 0, up to 1
     * @throws IllegalArgumentException for another slope
     */
    @JsonCreator
    public SumLeakyReLU(@JsonProperty("slope") double slope) {
        LeakyRelu.checkedSlope(slope);
        this.slope = slope;
    }

    @Override
    Pointwise activation() {
        return Pointwise.leaky(slope);
    }

    public double getSlope() {
        return slope;
    }

    @Override
    public GraphVertex clone() {
        return new SumLeakyReLU(slope);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SumLeakyReLU that && Double.compare(that.slope, slope) == 0;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(slope);
    }
}
