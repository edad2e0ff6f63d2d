package io.banyanmq.mqtt.codec;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The properties of one packet or will, in the order they were read or added; that order is kept on
/// the wire. Immutable. MQTT 5 §2.2.2.
public final class Properties {
    /// No properties, and what packets before MQTT 5 have.
    public static final Properties NONE = new Properties(List.of());

    private final List<Entry<?>> entries;

    private Properties(List<Entry<?>> entries) {
        this.entries = entries;
    }

    /// A builder without properties.
    public static Builder builder() {
        return new Builder();
    }

    /// Just one property.
    public static <T> Properties of(Property<T> property, T value) {
        return builder().add(property, value).build();
    }

    /// The first value of a property.
    public <T> Optional<T> get(Property<T> property) {
        for (Entry<?> entry : entries) {
            if (entry.property == property) {
                return Optional.of(value(property, entry));
            }
        }
        return Optional.empty();
    }

    /// The value of a property, or `absent` if it is not there.
    public <T> T get(Property<T> property, T absent) {
        return get(property).orElse(absent);
    }

    /// All values of a property in order.
    public <T> List<T> all(Property<T> property) {
        return entries.stream()
                .filter(entry -> entry.property == property)
                .map(entry -> value(property, entry))
                .toList();
    }

    /// The user properties in order.
    public List<UserProperty> userProperties() {
        return all(Property.USER_PROPERTY);
    }

    /// Whether there are none.
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /// The names, values and order of all.
    public List<Entry<?>> entries() {
        return entries;
    }

    /// These without those of some kinds: a reason string that would not fit, say.
    public Properties without(Property<?>... properties) {
        List<Property<?>> dropped = List.of(properties);
        return only(entry -> !dropped.contains(entry.property));
    }

    private Properties only(Predicate<Entry<?>> kept) {
        List<Entry<?>> rest = entries.stream().filter(kept).toList();
        return rest.isEmpty() ? NONE : new Properties(rest);
    }

    /// An entry's value has the type of its property by construction.
    @SuppressWarnings("unchecked")
    private static <T> T value(Property<T> property, Entry<?> entry) {
        assert entry.property == property;
        return (T) entry.value;
    }

    /// Bytes of all properties, without the length before them.
    int encodedLength() {
        int length = 0;
        for (Entry<?> entry : entries) {
            length += entry.property.encodedLength(entry.value);
        }
        return length;
    }

    /// Appends the length and all properties.
    void write(ByteBuf out) {
        VariableByteInteger.write(out, encodedLength());
        for (Entry<?> entry : entries) {
            entry.property.write(out, entry.value);
        }
    }

    /// Reads a block and its length, after all of it was checked.
    static Properties read(
            FrameCursor cursor, Property.Site site, Sender sender, DecoderLimits limits)
            throws MalformedPacketException {
        PropertyBlock block = new PropertyBlock();
        block.check(cursor, site, sender, limits);
        int end = cursor.end();
        Properties properties = readChecked(cursor, block);
        cursor.reopen(block.index() + block.length(), end);
        return properties;
    }

    /// Reads a block that was checked before.
    static Properties readChecked(FrameCursor cursor, PropertyBlock block)
            throws MalformedPacketException {
        if (block.count() == 0) {
            return NONE;
        }
        cursor.reopen(block.index(), block.index() + block.length());
        List<Entry<?>> entries = new ArrayList<>(block.count());
        for (int i = 0; i < block.count(); i++) {
            Property<?> property =
                    requireNonNull(Property.byId(cursor.unsignedByte("property identifier")));
            entries.add(entry(property, property.read(cursor)));
        }
        return new Properties(List.copyOf(entries));
    }

    @SuppressWarnings("unchecked")
    private static <T> Entry<T> entry(Property<T> property, Object value) {
        return new Entry<>(property, (T) value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Properties that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    @Override
    public String toString() {
        return entries.toString();
    }

    /// A property and one value of it.
    ///
    /// @param property which
    /// @param value within the property's range
    /// @param <T> the type of its values
    public record Entry<T>(Property<T> property, T value) {
        /// Checks the value's range.
        public Entry {
            value = property.validated(value);
        }

        @Override
        public String toString() {
            return property + "=" + value;
        }
    }

    /// Collects properties. Not for use by several threads.
    public static final class Builder {
        private final List<Entry<?>> entries = new ArrayList<>();

        private Builder() {}

        /// Adds a property after those there are.
        ///
        /// @throws IllegalArgumentException if the value is out of the property's range
        public <T> Builder add(Property<T> property, T value) {
            entries.add(new Entry<>(property, value));
            return this;
        }

        /// Adds an entry of other properties.
        public Builder add(Entry<?> entry) {
            entries.add(entry);
            return this;
        }

        /// Adds a user property.
        public Builder user(String name, String value) {
            return add(Property.USER_PROPERTY, new UserProperty(name, value));
        }

        /// Adds all of another's.
        public Builder addAll(Properties others) {
            entries.addAll(others.entries);
            return this;
        }

        /// The properties so far.
        public Properties build() {
            return entries.isEmpty() ? NONE : new Properties(List.copyOf(entries));
        }
    }
}
