package io.gradwatch.experiments.layers;

import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An activation, element by element, whose derivative can be had from its result. Two ways each: over pieces of Java
 * arrays, fast, and over any ND4J array, for what the fast way does not take.
 */
sealed interface Pointwise {
    /** Nothing at all. */
    Pointwise IDENTITY = new Identity();

    /** {@code 1 / (1 + exp(-x))}. */
    Pointwise SIGMOID = new Logistic();

    /**
     * {@code max(x, slope·x)}; for slope 1 the identity.
     *
     * @throws IllegalArgumentException unless the slope is above 0 and at most 1
     */
    static Pointwise leaky(double slope) {
        LeakyRelu.checkedSlope(slope);
        return slope == 1 ? IDENTITY : new Leaky(slope);
    }

    /** Replaces the first {@code count} elements by their activation. */
    void activate(float[] x, int count);

    /** Replaces the gradient by its product with the derivative where the activation gave {@code result}. */
    void backpropagate(float[] result, float[] gradient, int count);

    /** Activates an array of any kind in place. */
    INDArray activateSlowly(INDArray x);

    /** A new array: the gradient times the derivative where the activation gave {@code result}. */
    INDArray backpropagateSlowly(INDArray result, INDArray gradient);

    /** Activates all elements in place. */
    default void activate(OffHeapFloats x, Tiling tiling) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] piece = scratch.first();
            x.read(offset, piece, count);
            activate(piece, count);
            x.write(offset, piece, count);
        });
    }

    /** Writes the activation of the sum of two arrays. */
    default void activateSum(OffHeapFloats left, OffHeapFloats right, OffHeapFloats target, Tiling tiling) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] sum = scratch.first();
            float[] other = scratch.second();
            left.read(offset, sum, count);
            right.read(offset, other, count);
            for (int i = 0; i < count; i++) {
                sum[i] += other[i];
            }
            activate(sum, count);
            target.write(offset, sum, count);
        });
    }

    /** Writes the gradient before the activation to {@code target}, which may be one of the other two. */
    default void backpropagate(OffHeapFloats result, OffHeapFloats gradient, OffHeapFloats target, Tiling tiling) {
        tiling.forEachPiece((scratch, offset, count) -> {
            float[] results = scratch.first();
            float[] gradients = scratch.second();
            result.read(offset, results, count);
            gradient.read(offset, gradients, count);
            backpropagate(results, gradients, count);
            target.write(offset, gradients, count);
        });
    }

    /** See {@link Pointwise#IDENTITY}. */
    record Identity() implements Pointwise {
        @Override
        public void activate(float[] x, int count) {}

        @Override
        public void backpropagate(float[] result, float[] gradient, int count) {}

        @Override
        public INDArray activateSlowly(INDArray x) {
            return x;
        }

        @Override
        public INDArray backpropagateSlowly(INDArray result, INDArray gradient) {
            return gradient.dup();
        }
    }

    /** See {@link Pointwise#leaky}. */
    record Leaky(double slope) implements Pointwise {
        @Override
        public void activate(float[] x, int count) {
            LeakyRelu.activate(x, count, (float) slope);
        }

        @Override
        public void backpropagate(float[] result, float[] gradient, int count) {
            LeakyRelu.backpropagate(result, gradient, count, (float) slope);
        }

        @Override
        public INDArray activateSlowly(INDArray x) {
            return new ActivationLReLU(slope).getActivation(x, true);
        }

        @Override
        public INDArray backpropagateSlowly(INDArray result, INDArray gradient) {
            return new ActivationLReLU(slope).backprop(result.dup(), gradient).getFirst();
        }
    }

    /** See {@link Pointwise#SIGMOID}. */
    record Logistic() implements Pointwise {
        @Override
        public void activate(float[] x, int count) {
            LogisticSigmoid.activate(x, count);
        }

        @Override
        public void backpropagate(float[] result, float[] gradient, int count) {
            LogisticSigmoid.backpropagate(result, gradient, count);
        }

        @Override
        public INDArray activateSlowly(INDArray x) {
            return Nd4j.exec(new Sigmoid(x, x));
        }

        @Override
        public INDArray backpropagateSlowly(INDArray result, INDArray gradient) {
            return result.rsub(1).muli(result).muli(gradient);
        }
    }
}
