package io.banyanmq.cluster.wire;

import java.util.Comparator;
import java.util.regex.Pattern;

/// The name of a node, `name@host`, unique in its cluster for as long as an epoch of it lives.
///
/// Both parts are 1..255 characters; `name` has letters, digits, `_`, `-`, `.`; `host` is a host name
/// or address as the operator wrote it. Names order as text.
public record NodeName(String name, String host) implements Comparable<NodeName> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,255}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.:%\\[\\]-]{1,255}");
    private static final Comparator<NodeName> ORDER =
            Comparator.comparing(NodeName::name).thenComparing(NodeName::host);

    public NodeName {
        if (!NAME.matcher(name).matches() || !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "node name '" + name + "@" + host + "' is not of the form name@host");
        }
    }

    /// Reads `name@host`; `IllegalArgumentException` names what was wrong.
    public static NodeName parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw new IllegalArgumentException(
                    "node name '" + text + "' is not of the form name@host");
        }
        return new NodeName(text.substring(0, at), text.substring(at + 1));
    }

    @Override
    public int compareTo(NodeName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return name + "@" + host;
    }
}
