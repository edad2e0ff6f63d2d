package io.banyanmq.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A valid topic filter, `a/+/#` or `$share/group/a/+/#`: an immutable value, the key of every
/// table.
///
/// Two filters are equal if their texts are; nothing is normalised [MQTT-4.7.3-4]. The order is
/// that of the unsigned bytes. It keeps its UTF-8 alone, in about 50 bytes, so [#text] and
/// [#levels] make their answers anew.
public final class TopicFilter implements Comparable<TopicFilter> {
    private final byte[] utf8;
    private final int start;
    private int hash;

    /// `utf8` must be valid, and the filter's own.
    TopicFilter(byte[] utf8, int start) {
        this.utf8 = utf8;
        this.start = start;
    }

    /// The filter `text` is, by the specification alone; [TopicRules#filter] knows limits.
    ///
    /// @throws InvalidTopicException if it is none
    public static TopicFilter of(String text) {
        return TopicRules.UNLIMITED.filter(text);
    }

    /// The filter as the client wrote it, `$share/group/` included.
    public String text() {
        return new String(utf8, UTF_8);
    }

    /// A copy of the UTF-8 of [#text].
    public byte[] toBytes() {
        return utf8.clone();
    }

    /// Whether this is `$share/group/filter`, MQTT 5 §4.8.2.
    public boolean isShared() {
        return start > 0;
    }

    /// The share name of a shared filter.
    public Optional<String> group() {
        return isShared()
                ? Optional.of(
                        new String(
                                utf8,
                                TopicRules.groupStart(),
                                start - 1 - TopicRules.groupStart(),
                                UTF_8))
                : Optional.empty();
    }

    /// The part that is matched: this filter without `$share/group/`.
    public TopicFilter unshared() {
        return isShared() ? new TopicFilter(Arrays.copyOfRange(utf8, start, utf8.length), 0) : this;
    }

    /// The levels of [#unshared], one or more; `#` and `+` are levels, and so is the empty string.
    public List<String> levels() {
        return List.of(new String(utf8, start, utf8.length - start, UTF_8).split("/", -1));
    }

    /// Whether it contains `+` or `#`.
    public boolean hasWildcard() {
        for (int i = start; i < utf8.length; i++) {
            if (utf8[i] == '+' || utf8[i] == '#') {
                return true;
            }
        }
        return false;
    }

    /// Whether a topic of this name is matched, share name or not. This is the reference that all
    /// tables are tested against: plain and slow.
    public boolean matches(String topic) {
        List<String> filter = levels();
        boolean rootWildcard = filter.getFirst().equals("+") || filter.getFirst().equals("#");
        if (topic.startsWith("$") && rootWildcard) {
            return false; // [MQTT-4.7.2-1]
        }
        return matches(filter, List.of(topic.split("/", -1)));
    }

    private static boolean matches(List<String> filter, List<String> topic) {
        for (int i = 0; i < filter.size(); i++) {
            String level = filter.get(i);
            if (level.equals("#")) {
                return true; // the parent, too: MQTT 5 §4.7.1.2
            }
            boolean any = level.equals("+");
            if (i == topic.size() || !(any || level.equals(topic.get(i)))) {
                return false;
            }
        }
        return filter.size() == topic.size();
    }

    /// Not to be written to.
    byte[] utf8() {
        return utf8;
    }

    /// Where in [#utf8] the part that is matched begins.
    int start() {
        return start;
    }

    @Override
    public int compareTo(TopicFilter other) {
        return Arrays.compareUnsigned(utf8, other.utf8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TopicFilter that && Arrays.equals(utf8, that.utf8);
    }

    @Override
    public int hashCode() {
        int h = hash;
        if (h == 0) {
            h = Arrays.hashCode(utf8);
            hash = h;
        }
        return h;
    }

    @Override
    public String toString() {
        return text();
    }
}
