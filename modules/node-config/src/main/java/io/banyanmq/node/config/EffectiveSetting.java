package io.banyanmq.node.config;

/// A key, the value that counts as a file would write it, and where it comes from.
public record EffectiveSetting(String key, String value, String origin) {}
