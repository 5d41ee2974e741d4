package io.gradwatch.experiments.gpu;

import java.util.List;
import java.util.Optional;

/**
 * A GPU, as {@code nvidia-smi} tells of it.
 *
 * @param index its number on this machine
 * @param uuid "GPU-…", which CUDA_VISIBLE_DEVICES takes as well as the number
 * @param name "NVIDIA A100-SXM4-40GB"
 * @param capability empty where the driver is too old to tell
 * @param driver version of the driver, "535.104.05"
 * @param memory with its unit, "40960 MiB"
 */
public record Gpu(
        int index, String uuid, String name, Optional<ComputeCapability> capability, String driver, String memory) {
    /** What to ask nvidia-smi for. */
    static final List<String> FIELDS = List.of("index", "uuid", "name", "driver_version", "memory.total");
    /** In addition, where the driver knows it: 510 and newer. */
    static final String CAPABILITY_FIELD = "compute_cap";

    /** Reads a line of {@code nvidia-smi --format=csv,noheader}; empty for one that is no GPU. */
    static Optional<Gpu> parse(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length < FIELDS.size() || !fields[0].strip().matches("\\d{1,4}")) {
            return Optional.empty();
        }
        return Optional.of(new Gpu(
                Integer.parseInt(fields[0].strip()),
                fields[1].strip(),
                fields[2].strip(),
                fields.length > FIELDS.size() ? ComputeCapability.parse(fields[FIELDS.size()]) : Optional.empty(),
                fields[3].strip(),
                fields[4].strip()));
    }

    /** One line for a person. */
    public String describe() {
        return name + " (compute capability "
                + capability.map(ComputeCapability::toString).orElse("unknown")
                + ", driver " + driver + ", " + memory + ")";
    }
}
