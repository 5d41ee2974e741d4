package io.gradwatch.listener.statistics;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.reduce.floating.SquaredNorm;
import org.nd4j.linalg.api.ops.impl.reduce.longer.CountZero;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.api.ops.impl.transforms.same.Abs;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.indexing.conditions.Condition;
import org.nd4j.linalg.indexing.conditions.Conditions;

/**
 * Reduces flattened arrays where they lie, with a number of operations that does not grow with the layers, into one small
 * array. Everything is kept and reused: nothing is allocated in an iteration.
 *
 * <p>In double precision, because squares of vanishing gradients underflow in single precision. Memory: 8 bytes for each
 * parameter, 4 for each weight, and 8 for each weight of at most {@value #BLOCK}.
 */
final class DeviceArrays {
    /** Elements that are laid out in rows at a time. */
    private static final int BLOCK = 4_194_304;

    /** What is known of each row. The result has an array of these, one after another. */
    enum Figure {
        SUM,
        SQUARES,
        MAX,
        ZEROS,
        NANS,
        INFINITIES,
        PARAMETER_SQUARES,
        UPDATE_SQUARES
    }

    private static final class Block {
        final INDArray indices;
        /** The elements of the matrix, row after row. */
        final INDArray elements;

        final INDArray matrix;
        final INDArray counts;
        final List<INDArray> results = new ArrayList<>();

        Block(INDArray indices, INDArray elements, int width, INDArray counts) {
            this.indices = indices;
            this.elements = elements;
            this.matrix = elements.reshape(elements.length() / width, width);
            this.counts = counts;
        }

        INDArray result(Figure figure) {
            return results.get(figure.ordinal());
        }
    }

    private final int rows;
    private final int picked;
    private final INDArray wide;
    private final INDArray values;
    private final INDArray pickedIndices;
    private final INDArray pickedGradient;
    private final INDArray pickedParameters;
    private final INDArray extra;
    private final INDArray result;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * @param length of the flattened arrays
     * @param pick elements to bring over as they are, of gradient and parameters; {@code length} for a zero
     */
    DeviceArrays(RowPlan plan, int length, int[] pick) {
        this(plan, length, pick, BLOCK);
    }

    DeviceArrays(RowPlan plan, int length, int[] pick, int block) {
        this.rows = plan.rows().size();
        int[] indices = pick.length == 0 ? new int[] {length} : pick; // an array has at least one element
        this.picked = indices.length;
        // one more than there are: the zero that rows are filled up with
        wide = Nd4j.zeros(DataType.DOUBLE, length + 1L);
        values = wide.get(NDArrayIndex.interval(0, length)).reshape(1, length);
        int figures = Figure.values().length * rows;
        result = Nd4j.zeros(DataType.DOUBLE, figures + 2L * picked + 1);
        pickedIndices = Nd4j.createFromArray(indices);
        pickedGradient = part(figures, picked);
        pickedParameters = part(figures + picked, picked);
        extra = part(figures + 2 * picked, 1);
        addBlocks(plan, length, Math.max(1, block / plan.width()));
    }

    private void addBlocks(RowPlan plan, int filler, int rowsOfBlock) {
        int most = Math.min(rowsOfBlock, rows);
        INDArray elements = Nd4j.zeros(DataType.DOUBLE, (long) most * plan.width());
        INDArray counts = Nd4j.zeros(DataType.LONG, most);
        for (int from = 0; from < rows; from += rowsOfBlock) {
            int count = Math.min(rowsOfBlock, rows - from);
            Block block = new Block(
                    Nd4j.createFromArray(plan.indices(from, from + count, filler)),
                    elements.get(NDArrayIndex.interval(0, count * plan.width())),
                    plan.width(),
                    counts.get(NDArrayIndex.interval(0, count)));
            for (Figure figure : Figure.values()) {
                block.results.add(part(figure.ordinal() * rows + from, count));
            }
            blocks.add(block);
        }
    }

    private INDArray part(int from, int count) {
        return result.get(NDArrayIndex.interval(from, from + count));
    }

    /** The gradient as it is, and the parameters before the step. */
    void gradient(INDArray gradient, INDArray parameters) {
        values.assign(gradient.reshape(1, values.length()));
        gather(pickedIndices, pickedGradient);
        for (Block block : blocks) {
            INDArray matrix = block.matrix;
            gather(block.indices, block.elements);
            Nd4j.getExecutioner().exec(new Abs(matrix, matrix));
            count(block, Figure.NANS, Conditions.isNan());
            count(block, Figure.INFINITIES, Conditions.isInfinite());
            Nd4j.getExecutioner().exec(new CompareAndSet(matrix, 0, Conditions.isNan()));
            Nd4j.getExecutioner().exec(new CompareAndSet(matrix, 0, Conditions.isInfinite()));
            Nd4j.getExecutioner().exec(new Sum(matrix, block.result(Figure.SUM), false, 1));
            Nd4j.getExecutioner().exec(new SquaredNorm(matrix, block.result(Figure.SQUARES), false, 1));
            Nd4j.getExecutioner().exec(new Max(matrix, block.result(Figure.MAX), false, 1));
            CountZero zeros = new CountZero(matrix, false, 1);
            zeros.setZ(block.counts);
            Nd4j.getExecutioner().exec(zeros);
            block.result(Figure.ZEROS).assign(block.counts);
        }
        squares(parameters, Figure.PARAMETER_SQUARES);
        gather(pickedIndices, pickedParameters);
    }

    /** The applied update. */
    void update(INDArray update) {
        squares(update, Figure.UPDATE_SQUARES);
    }

    /** One more figure, an array of one element; comes over with the rest. */
    void extra(INDArray figure) {
        extra.assign(figure);
    }

    private void squares(INDArray array, Figure figure) {
        values.assign(array.reshape(1, values.length()));
        for (Block block : blocks) {
            gather(block.indices, block.elements);
            Nd4j.getExecutioner().exec(new SquaredNorm(block.matrix, block.result(figure), false, 1));
        }
    }

    /** Both have one dimension: with two, the native operation has been seen to end the process. */
    private void gather(INDArray indices, INDArray to) {
        Nd4j.exec(DynamicCustomOp.builder("gather")
                .addInputs(wide, indices)
                .addOutputs(to)
                .addIntegerArguments(0)
                .build());
    }

    private static void count(Block block, Figure figure, Condition condition) {
        MatchCondition op = new MatchCondition(block.matrix, condition, false, 1);
        op.setZ(block.counts);
        Nd4j.getExecutioner().exec(op);
        block.result(figure).assign(block.counts);
    }

    /** Everything, in one array: to be copied to the host at once. */
    INDArray result() {
        return result;
    }

    /** Where a figure of row 0 stands in the result. */
    int position(Figure figure) {
        return figure.ordinal() * rows;
    }

    /** The picked elements of the gradient, of the parameters. */
    List<INDArray> picked() {
        return List.of(pickedGradient, pickedParameters);
    }

    /** Where the extra figure stands in the result. */
    int extraPosition() {
        return Figure.values().length * rows + 2 * picked;
    }
}
