package io.gradwatch.listener.statistics;

import io.gradwatch.contract.v1.ActivationStatistics;
import io.gradwatch.listener.network.ActivationSite;
import io.gradwatch.listener.network.TrainedModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Statistics of the activations of one iteration after another, each read in two steps: the hidden layers' behind the
 * forward pass, the output layer's behind the backward pass, where it still has its input.
 */
public final class ActivationReader {
    private final List<ActivationSite> sites;
    private final ArrayCursor cursor = new ArrayCursor();
    private final ActivationMoments[] moments;
    private boolean ready;

    /** For these layers. */
    public ActivationReader(List<ActivationSite> sites) {
        this.sites = List.copyOf(sites);
        this.moments = new ActivationMoments[sites.size()];
        Arrays.setAll(moments, i -> new ActivationMoments());
    }

    /**
     * Reads what the forward pass of a training step has made.
     *
     * @param activations by the names of the network's steps, as Deeplearning4j hands them to onForwardPass
     */
    public void forward(Map<String, INDArray> activations) {
        ready = false;
        // copies, where they are needed, must not grow the workspace that holds the activations
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            for (int i = 0; i < moments.length; i++) {
                ActivationSite site = sites.get(i);
                moments[i].reset();
                read(moments[i], site, activations.get(site.activation()), activations.get(site.signs()));
            }
        }
        ready = true;
    }

    /** Reads the output layer, while it still has its input; a layer of a kind that cannot be read stays NaN. */
    public void output(TrainedModel model) {
        for (int i = 0; i < moments.length; i++) {
            if (sites.get(i).output() && !moments[i].any()) {
                try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                    INDArray activation = outputOf(model.output());
                    read(moments[i], sites.get(i), activation, activation);
                }
            }
        }
    }

    private static @Nullable INDArray outputOf(@Nullable Layer layer) {
        if (layer == null
                || !(layer.conf().getLayer() instanceof BaseOutputLayer conf)
                || layer.input() == null
                || layer.input().rank() != 2) {
            return null;
        }
        INDArray result = layer.input().mmul(layer.getParam("W"));
        INDArray bias = layer.getParam("b");
        if (bias != null) {
            result.addiRowVector(bias.reshape(bias.length()));
        }
        return conf.getActivationFn().getActivation(result, true);
    }

    private void read(
            ActivationMoments to, ActivationSite site, @Nullable INDArray activation, @Nullable INDArray signs) {
        if (activation == null) {
            return;
        }
        boolean together = site.activation().equals(site.signs());
        to.expect(activation, site.channelAxis(), site.nonLinearity());
        try (FlatArray flat = FlatArray.of(activation)) {
            cursor.each(flat, (piece, count) -> to.add(piece, count, together));
        }
        if (!together && signs != null) {
            try (FlatArray flat = FlatArray.of(signs)) {
                cursor.each(flat, to::addSigns);
            }
        }
    }

    /**
     * What was read, one element for each layer.
     *
     * @throws IllegalStateException when no forward pass was read since the last call
     */
    public ActivationStatistics statistics() {
        if (!ready) {
            throw new IllegalStateException("an iteration ended whose activations were not seen");
        }
        ready = false;
        ActivationStatistics.Builder all = ActivationStatistics.newBuilder();
        for (ActivationMoments layer : moments) {
            all.addMean((float) layer.mean())
                    .addStandardDeviation((float) layer.standardDeviation())
                    .addNegativeFraction((float) layer.negativeFraction())
                    .addOneSidedFraction((float) layer.oneSidedFraction());
        }
        return all.build();
    }
}
