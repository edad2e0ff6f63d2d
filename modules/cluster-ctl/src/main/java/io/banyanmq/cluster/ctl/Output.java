package io.banyanmq.cluster.ctl;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Prints answers: JSON and YAML as the node gave them, tables for people.
final class Output {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintWriter out;
    private final ClusterCtl.Format format;

    Output(PrintWriter out, ClusterCtl.Format format) {
        this.out = out;
        this.format = format;
    }

    /// How a table is printed.
    interface Table {
        void print(JsonNode answer, PrintWriter out);
    }

    /// Prints `answer` in the form that was asked for.
    void print(JsonNode answer, Table table) {
        switch (format) {
            case json -> out.println(JSON.writeValueAsString(answer));
            case yaml -> out.print(yaml(answer));
            case table -> table.print(answer, out);
        }
        out.flush();
    }

    private static String yaml(JsonNode answer) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(1_000);
        return new Yaml(options).dump(JSON.treeToValue(answer, Object.class));
    }

    /// Prints rows under a heading, columns as wide as their widest cell; nothing for no rows.
    static void columns(PrintWriter out, List<String> heading, List<List<String>> rows) {
        if (rows.isEmpty()) {
            return;
        }
        List<List<String>> all = new ArrayList<>();
        all.add(heading);
        all.addAll(rows);
        int[] widths = new int[heading.size()];
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /// The text of a field, `-` if there is none; a list is joined by commas.
    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(item.asString("")));
            return items.isEmpty() ? "-" : String.join(", ", items);
        }
        String text = value.asString("");
        return text.isEmpty() ? "-" : text;
    }

    /// Node names without their host, as long as none of `names` becomes another's.
    static Map<String, String> shortened(Iterable<String> names) {
        Map<String, String> shortened = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        boolean unique = true;
        for (String name : names) {
            String brief =
                    name.substring(0, name.indexOf('@') < 0 ? name.length() : name.indexOf('@'));
            String owner = owners.putIfAbsent(brief, name);
            unique &= owner == null || owner.equals(name);
            shortened.put(name, brief);
        }
        if (!unique) {
            shortened.replaceAll((name, _) -> name);
        }
        return shortened;
    }
}
