package io.gradwatch.listener;

import io.gradwatch.contract.v1.BatchNorm;
import io.gradwatch.contract.v1.Layer;
import io.gradwatch.contract.v1.RunStarted;
import io.gradwatch.listener.network.BatchNormLayer;
import io.gradwatch.listener.network.NetworkLayout;
import io.gradwatch.listener.network.WeightLayer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/** Derives from a model what its owner need not say. */
final class RunDescription {
    private RunDescription() {}

    /** The network's part of a run's start: its layers. */
    static void layers(RunStarted.Builder to, NetworkLayout layout, @Nullable Function<String, LayerRole> roles) {
        long running = layout.batchNorms().stream()
                .mapToLong(layer -> 2L * layer.channels())
                .sum();
        // running means and variances are no parameters, though Deeplearning4j counts them
        to.setParameters(layout.parameters() - running);
        for (int i = 0; i < layout.layers().size(); i++) {
            WeightLayer layer = layout.layers().get(i);
            LayerRole role = roles == null ? new LayerRole(layer.onLongestPath(), "") : roles.apply(layer.name());
            to.addLayers(Layer.newBuilder()
                    .setIndex(i)
                    .setName(layer.name())
                    .setType(layer.type())
                    .setMainPath(role.mainPath() && !layer.frozen()) // no gradient to be judged
                    .setBlock(role.block())
                    .addAllShape(layer.shape()));
        }
        for (int i = 0; i < layout.batchNorms().size(); i++) {
            BatchNormLayer layer = layout.batchNorms().get(i);
            to.addBatchNorms(BatchNorm.newBuilder()
                    .setIndex(i)
                    .setName(layer.name())
                    .setLayer(layer.follows())
                    .setChannels(layer.channels()));
        }
    }

    /** Seed of the model's configuration, 0 when it cannot be said. */
    static long seed(Model model) {
        if (model instanceof ComputationGraph graph) {
            var configuration = graph.getConfiguration().getDefaultConfiguration();
            return configuration == null ? 0 : configuration.getSeed();
        }
        if (model instanceof MultiLayerNetwork network && network.getnLayers() > 0) {
            return network.getLayers()[0].conf().getSeed();
        }
        return 0;
    }

    /** Versions of what runs the training. */
    static Map<String, String> versions() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", System.getProperty("java.version", ""));
        versions.put("os", System.getProperty("os.name", "") + " " + System.getProperty("os.arch", ""));
        putVersion(versions, "deeplearning4j", ComputationGraph.class);
        putVersion(versions, "gradwatch", RunDescription.class);
        versions.put("backend", Nd4j.getBackend().getClass().getSimpleName());
        return versions;
    }

    private static void putVersion(Map<String, String> versions, String name, Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        if (version != null) {
            versions.put(name, version);
        }
    }

    /** This machine's name, empty when it has none. */
    static String host() {
        String given = System.getenv("HOSTNAME");
        if (given != null && !given.isBlank()) {
            return given;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
