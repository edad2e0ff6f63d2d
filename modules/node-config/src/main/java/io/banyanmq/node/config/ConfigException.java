package io.banyanmq.node.config;

import java.util.List;
import java.util.stream.Collectors;

/// A configuration that cannot be used, with every fault that was found in it.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Fault> faults;

    ConfigException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /// At least one, in the order of the layers: options, environment, file, then what is missing or
    /// does not go together.
    public List<Fault> faults() {
        return faults;
    }
}
