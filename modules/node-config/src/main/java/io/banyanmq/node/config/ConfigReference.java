package io.banyanmq.node.config;

/// The reference page of all keys, as Markdown.
public final class ConfigReference {
    private ConfigReference() {}

    /// The whole page; `docs/configuration.md` is this text.
    public static String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Configuration

                <!-- Generated from the table of keys by io.banyanmq.node.config.ConfigReference; a test compares the two. -->

                A node reads one YAML file; everything stands below `banyan:`. A value comes from the first of these that has
                it: **option** (`--set key=value`, or an option of its own such as `--port`), **environment** (the key in upper
                case with `_`, after `BANYAN_`: `BANYAN_GATEWAY_LIMITS_PACKET`), **file** (`--config FILE`), **default**.

                - Durations: `500ms`, `6s`, `5m`, `1h`. Sizes: `1000`, `512KiB`, `8MiB`, `1GiB`. Booleans: `on`, `off`,
                  `true`, `false`, `yes`, `no`. A limit that can be switched off takes `off`.
                - Lists in options and the environment: comma-separated, or YAML in one line (`[{name: tcp, bind: "[::1]:1883"}]`).
                - A configuration with faults is refused as a whole, every fault on a line of its own with where it stands,
                  exit code 78. An unknown key is a fault.

                `dev` and `local` set `node.*`, `cluster.*`, `fabric.*`, `raft.*` and `admin.*` of their nodes themselves and
                turn `auth.anonymous` and `admin.anonymous` on; the rest can be set with `--config` and `--set`.
                `cluster-ctl config validate FILE` checks a file without starting anything, `cluster-ctl config effective`
                shows what a running node uses and where each value came from.

                ```yaml
                banyan:
                  node: {name: gateway1@10.0.0.11, roles: [gateway], data: /var/lib/banyan}
                  cluster:
                    cookie-file: /etc/banyan/cookie
                    discovery: {seeds: ["store1@10.0.0.1:7000", "store2@10.0.0.2:7000", "store3@10.0.0.3:7000"]}
                  fabric: {bind: "0.0.0.0:7000", advertise: "10.0.0.11:7000"}
                  gateway:
                    listeners: [{name: tcp, bind: "0.0.0.0:1883"}, {name: ws, bind: "0.0.0.0:8083", path: /mqtt}]
                  auth: {anonymous: on}
                  admin: {token-file: /etc/banyan/admin-token}
                ```
                """);
        String section = "";
        for (ConfigKey<?> key : Keys.ALL) {
            String own = key.path().substring(0, key.path().indexOf('.'));
            if (!own.equals(section)) {
                section = own;
                page.append("\n## ")
                        .append(section)
                        .append("\n\n| key | type | default | |\n|---|---|---|---|\n");
            }
            page.append("| `")
                    .append(key.path())
                    .append("` | ")
                    .append(cell(key.type().name()))
                    .append(" | ");
            key.fallback().ifPresent(text -> page.append('`').append(cell(text)).append('`'));
            page.append(key.fallback().isPresent() ? " | " : "| ")
                    .append(cell(key.doc()))
                    .append(" |\n");
        }
        page.append(
                "\n## Not there yet\n\nRefused with a word about what they come with:\n\n| key | comes with |\n|---|---|\n");
        Keys.LATER.entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(later ->
                        page.append("| `")
                                .append(later.getKey())
                                .append("` | ")
                                .append(later.getValue())
                                .append(" |\n"));
        return page.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
