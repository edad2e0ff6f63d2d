package io.banyanmq.cluster.wire;

/// One registration of a gateway: the position in the route store's log at which it began.
///
/// `index` is the log index of the entry (1 or more), `position` the place of the command in that
/// entry (0 or more); two registrations in one entry are two epochs. Compared as a pair. An epoch that
/// ended never lives again.
public record Epoch(long index, int position) implements Comparable<Epoch> {
    public Epoch {
        if (index < 1 || position < 0) {
            throw new IllegalArgumentException("epoch " + index + "." + position + " cannot be");
        }
    }

    /// Reads `index.position`.
    public static Epoch parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw new IllegalArgumentException(
                    "epoch '" + text + "' is not of the form index.position");
        }
        return new Epoch(
                Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(Epoch other) {
        int byIndex = Long.compare(index, other.index);
        return byIndex != 0 ? byIndex : Integer.compare(position, other.position);
    }

    @Override
    public String toString() {
        return index + "." + position;
    }
}
