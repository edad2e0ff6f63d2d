package io.banyanmq.node.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The layers that give keys their values: options over environment over file over defaults.
///
/// Not thread-safe; fill it, then [#load()].
public final class ConfigLayers {
    private static final String ROOT = "banyan";

    private final Map<String, RawValue> options = new LinkedHashMap<>();
    private final Map<String, RawValue> environment = new LinkedHashMap<>();
    private final Map<String, RawValue> file = new LinkedHashMap<>();
    private final Map<String, RawValue> defaults = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    /// Layers without any value but the table's defaults.
    public ConfigLayers() {}

    /// Sets a key from the command line; a later call for the same key wins. `value` of a list may be
    /// YAML flow or comma-separated.
    public ConfigLayers option(String key, String value, Origin origin) {
        put(options, key, value, origin);
        return this;
    }

    /// `--set key=value`.
    public ConfigLayers set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            faults.add(
                    new Fault(assignment, "is not of the form key=value", Origin.option("--set")));
            return this;
        }
        return option(
                withoutRoot(assignment.substring(0, equals).strip()),
                assignment.substring(equals + 1),
                Origin.option("--set"));
    }

    /// Replaces a key's own default, below the file.
    public ConfigLayers fallback(String key, String value, Origin origin) {
        put(defaults, key, value, origin);
        return this;
    }

    /// Takes the variables that name a key. One that begins like a section's (`BANYAN_GATEWAY_`) and names
    /// no key is a fault; others that begin with `BANYAN_` are not ours to judge.
    public ConfigLayers environment(Map<String, String> variables) {
        Map<String, ConfigKey<?>> byVariable = new LinkedHashMap<>();
        TreeSet<String> sections = new TreeSet<>();
        for (ConfigKey<?> key : Keys.ALL) {
            byVariable.put(key.variable(), key);
            sections.add(
                    key.variable()
                            .substring(0, key.variable().indexOf('_', "BANYAN_".length()) + 1));
        }
        variables.forEach((name, value) -> {
            ConfigKey<?> key = byVariable.get(name);
            if (key != null) {
                put(environment, key.path(), value, Origin.variable(name));
            } else if (sections.stream().anyMatch(name::startsWith)) {
                faults.add(
                        new Fault(
                                name,
                                "names no key" + Similar.to(name, byVariable.keySet()),
                                Origin.variable(name)));
            }
        });
        return this;
    }

    /// Takes a YAML file's text; `name` is how faults call it.
    public ConfigLayers file(String name, String text) {
        RawValue.Mapping top = YamlText.parseFile(name, text, faults);
        for (Map.Entry<String, RawValue> entry : top.entries().entrySet()) {
            if (entry.getKey().equals(ROOT)) {
                flatten("", entry.getValue());
            } else {
                faults.add(
                        new Fault(
                                entry.getKey(),
                                "unknown key: everything stands below '" + ROOT + ":'",
                                entry.getValue().origin()));
            }
        }
        return this;
    }

    /// Whether options, environment or file give `key`.
    public boolean gives(String key) {
        return options.containsKey(key) || environment.containsKey(key) || file.containsKey(key);
    }

    /// Reads all layers.
    ///
    /// @throws ConfigException with every fault of every layer
    public NodeConfig load() throws ConfigException {
        Settings settings = settings();
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        return NodeConfig.of(settings);
    }

    /// Every key with the value that counts and where it comes from, in the order of the table; keys without
    /// a value are left out.
    ///
    /// @throws ConfigException with every fault of every layer
    public List<EffectiveSetting> effective() throws ConfigException {
        Settings settings = settings();
        if (!faults.isEmpty()) {
            throw new ConfigException(faults);
        }
        List<EffectiveSetting> all = new ArrayList<>();
        for (ConfigKey<?> key : Keys.ALL) {
            addEffective(key, settings, all);
        }
        return List.copyOf(all);
    }

    private static <T> void addEffective(
            ConfigKey<T> key, Settings settings, List<EffectiveSetting> into) {
        settings.find(key)
                .ifPresent(value ->
                        into.add(
                                new EffectiveSetting(
                                        key.path(),
                                        key.type().write(value),
                                        settings.origin(key).toString())));
    }

    private Settings settings() {
        Settings settings = new Settings();
        refuseUnknown(options);
        refuseUnknown(environment);
        refuseUnknown(file);
        TreeSet<String> faulty = new TreeSet<>();
        for (ConfigKey<?> key : Keys.ALL) {
            resolve(key, settings, faulty);
        }
        Rules.check(settings, faulty, faults);
        return settings;
    }

    private <T> void resolve(ConfigKey<T> key, Settings settings, Set<String> faulty) {
        for (Map<String, RawValue> layer : List.of(options, environment, file, defaults)) {
            RawValue raw = layer.get(key.path());
            if (raw != null) {
                @Nullable T value = key.type().read(key.path(), raw, faults);
                if (value == null) {
                    faulty.add(key.path());
                } else {
                    settings.put(key, value, raw.origin());
                }
                return;
            }
        }
        key.fallback()
                .ifPresent(text -> {
                    @Nullable T value =
                            key.type().read(key.path(), raw(key, text, Origin.DEFAULT), faults);
                    if (value != null) {
                        settings.put(key, value, Origin.DEFAULT);
                    }
                });
    }

    private void refuseUnknown(Map<String, RawValue> layer) {
        layer.forEach((path, value) -> {
            if (find(path) != null) {
                return;
            }
            String later = later(path);
            faults.add(
                    new Fault(
                            path,
                            later != null
                                    ? "is not there yet: it comes with " + later
                                    : "unknown key" + Similar.to(path, paths()),
                            value.origin()));
        });
    }

    private static @Nullable String later(String path) {
        for (Map.Entry<String, String> entry : Keys.LATER.entrySet()) {
            if (path.equals(entry.getKey()) || path.startsWith(entry.getKey() + ".")) {
                return entry.getValue();
            }
        }
        return null;
    }

    private void flatten(String path, RawValue value) {
        if (value instanceof RawValue.Mapping mapping
                && find(path) == null
                && later(path) == null) {
            mapping.entries()
                    .forEach((key, item) -> flatten(path.isEmpty() ? key : path + "." + key, item));
        } else if (value instanceof RawValue.Scalar scalar
                && scalar.text().isEmpty()
                && isSection(path)) {
            return; // a section that is written and empty
        } else {
            file.put(path, value);
        }
    }

    private static boolean isSection(String path) {
        return path.isEmpty()
                || Keys.ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
    }

    private static void put(Map<String, RawValue> layer, String path, String value, Origin origin) {
        ConfigKey<?> key = find(path);
        layer.put(path, key == null ? new RawValue.Scalar(value, origin) : raw(key, value, origin));
    }

    private static RawValue raw(ConfigKey<?> key, String value, Origin origin) {
        return key.type().isStructured()
                ? YamlText.parseFlow(value, origin)
                : new RawValue.Scalar(value, origin);
    }

    private static @Nullable ConfigKey<?> find(String path) {
        for (ConfigKey<?> key : Keys.ALL) {
            if (key.path().equals(path)) {
                return key;
            }
        }
        return null;
    }

    private static List<String> paths() {
        return Keys.ALL.stream().map(ConfigKey::path).toList();
    }

    private static String withoutRoot(String path) {
        return path.startsWith(ROOT + ".") ? path.substring(ROOT.length() + 1) : path;
    }
}
