package io.gradwatch.listener.network;

import io.gradwatch.listener.network.TrainedModel.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Questions about the way through a network. */
final class Paths {
    private final List<Node> nodes;
    private final Set<String> weightLayers;
    private final Map<String, Node> byName = new HashMap<>();

    Paths(List<Node> nodes, Set<String> weightLayers) {
        this.nodes = nodes;
        this.weightLayers = weightLayers;
        nodes.forEach(node -> byName.put(node.name(), node));
    }

    /**
     * Names of the steps on the path with the most weight layers that ends in an output. Where two are equal, the one
     * that a step names first among its inputs.
     */
    Set<String> longest() {
        Map<String, Integer> length = new HashMap<>();
        Map<String, String> before = new HashMap<>();
        Set<String> ends = new HashSet<>(byName.keySet());
        for (Node node : nodes) {
            int best = 0;
            for (String input : node.inputs()) {
                ends.remove(input);
                int candidate = length.getOrDefault(input, 0);
                if (candidate > best || !before.containsKey(node.name())) {
                    best = Math.max(best, candidate);
                    before.put(node.name(), input);
                }
            }
            length.put(node.name(), best + (weightLayers.contains(node.name()) ? 1 : 0));
        }
        String at = null;
        for (Node node : nodes) {
            if (ends.contains(node.name())
                    && (at == null || length.getOrDefault(node.name(), 0) > length.getOrDefault(at, 0))) {
                at = node.name();
            }
        }
        Set<String> path = new HashSet<>();
        while (at != null && path.add(at)) {
            at = before.get(at);
        }
        return path;
    }

    /** The nearest weight layer upstream, going by each step's first input; null when there is none. */
    @Nullable
    String weightLayerBefore(Node start) {
        Node at = start;
        while (at != null && !at.inputs().isEmpty()) {
            String input = at.inputs().get(0);
            if (weightLayers.contains(input)) {
                return input;
            }
            at = byName.get(input);
        }
        return null;
    }
}
