package io.banyanmq.node.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// YAML as nested text with line numbers: every scalar stays as written, no type is guessed.
final class YamlText {
    private static final int DEPTH_MAX = 16;

    private final String file;
    private final List<Fault> faults;

    private YamlText(String file, List<Fault> faults) {
        this.file = file;
        this.faults = faults;
    }

    /// The mapping that `text` holds; empty if there is none or if it cannot be read, which then is a fault.
    static RawValue.Mapping parseFile(String file, String text, List<Fault> faults) {
        RawValue.Mapping none = new RawValue.Mapping(Map.of(), Origin.line(file, 1));
        try {
            Node root = compose(text);
            if (root == null) {
                return none;
            }
            YamlText reader = new YamlText(file, faults);
            if (reader.read("", root, 0) instanceof RawValue.Mapping mapping) {
                return mapping;
            }
            faults.add(
                    new Fault(
                            "(file)",
                            "is not a mapping that begins with 'banyan:'",
                            none.origin()));
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            faults.add(
                    new Fault("(file)", "is not YAML: " + e.getProblem(), Origin.line(file, line)));
        } catch (YAMLException e) {
            faults.add(new Fault("(file)", "is not YAML: " + e.getMessage(), none.origin()));
        }
        return none;
    }

    /// A value given in one line, `[{name: tcp, ...}]`; the scalar itself if it is not YAML flow.
    static RawValue parseFlow(String text, Origin origin) {
        String stripped = text.strip();
        if (stripped.startsWith("[") || stripped.startsWith("{")) {
            try {
                Node root = compose(stripped);
                if (root != null) {
                    return relocated(new YamlText("", new ArrayList<>()).read("", root, 0), origin);
                }
            } catch (YAMLException _) {
                // Read as a scalar, it will be a fault of its key's type.
            }
        }
        return new RawValue.Scalar(text, origin);
    }

    private static Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(DEPTH_MAX);
        options.setCodePointLimit(1 << 20);
        return new Yaml(options).compose(new StringReader(text));
    }

    private RawValue read(String path, Node node, int depth) {
        Origin origin = Origin.line(file, node.getStartMark().getLine() + 1);
        if (depth > DEPTH_MAX) { // an alias that contains itself
            faults.add(new Fault(path, "is nested deeper than " + DEPTH_MAX, origin));
            return new RawValue.Scalar("", origin);
        }
        return switch (node) {
            case ScalarNode scalar ->
                    new RawValue.Scalar(
                            scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue(), origin);
            case SequenceNode sequence -> {
                List<RawValue> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(read(path + "[" + items.size() + "]", item, depth + 1));
                }
                yield new RawValue.Sequence(items, origin);
            }
            case MappingNode mapping -> {
                Map<String, RawValue> entries = new LinkedHashMap<>();
                for (NodeTuple tuple : mapping.getValue()) {
                    String key =
                            tuple.getKeyNode() instanceof ScalarNode scalar
                                    ? scalar.getValue()
                                    : "?";
                    String below = path.isEmpty() ? key : path + "." + key;
                    if (entries.put(key, read(below, tuple.getValueNode(), depth + 1)) != null) {
                        faults.add(
                                new Fault(
                                        below,
                                        "is given twice",
                                        Origin.line(
                                                file,
                                                tuple.getKeyNode().getStartMark().getLine() + 1)));
                    }
                }
                yield new RawValue.Mapping(entries, origin);
            }
            default -> throw new YAMLException("unknown node " + node.getNodeId());
        };
    }

    private static RawValue relocated(RawValue value, Origin origin) {
        return switch (value) {
            case RawValue.Scalar scalar -> new RawValue.Scalar(scalar.text(), origin);
            case RawValue.Sequence sequence ->
                    new RawValue.Sequence(
                            sequence.items().stream().map(item -> relocated(item, origin)).toList(),
                            origin);
            case RawValue.Mapping mapping -> {
                Map<String, RawValue> entries = new LinkedHashMap<>();
                mapping.entries().forEach((key, item) -> entries.put(key, relocated(item, origin)));
                yield new RawValue.Mapping(entries, origin);
            }
        };
    }
}
