package io.banyanmq.mqtt.codec;

/// Checks a block of properties where it lies and notes what the publish path needs of it. Reusable;
/// allocates nothing. The only place that knows what a block may hold: packet records are read from
/// blocks that passed here.
final class PropertyBlock {
    private int index;
    private int end;
    private int count;
    private int topicAliasIndex;
    private int messageExpiryIndex;
    private boolean authenticationData;
    private boolean authenticationMethod;

    /// As in a packet that has no block.
    void clear() {
        index = 0;
        end = 0;
        count = 0;
        topicAliasIndex = -1;
        messageExpiryIndex = -1;
        authenticationData = false;
        authenticationMethod = false;
    }

    /// Passes over a block and its length.
    void check(FrameCursor cursor, Property.Site site, Sender sender, DecoderLimits limits)
            throws MalformedPacketException {
        clear();
        int length = cursor.variableByteInteger("property length");
        if (length > cursor.remaining()) {
            throw cursor.malformed(
                    "properties are cut short by " + FrameCursor.bytes(length - cursor.remaining()),
                    Clause.PROPERTY_LENGTH);
        }
        index = cursor.at();
        end = index + length;
        if (length != 0) {
            checkAll(cursor, site, sender, limits);
        }
    }

    private void checkAll(
            FrameCursor cursor, Property.Site site, Sender sender, DecoderLimits limits)
            throws MalformedPacketException {
        long seen = 0;
        int userProperties = 0;
        while (cursor.at() < end) {
            int start = cursor.at();
            Property<?> property = next(cursor, site);
            long bit = 1L << property.id();
            if ((seen & bit) != 0 && !property.repeatsAt(site)) {
                throw cursor.protocolError(at(site, property) + " is there twice", site.clause());
            }
            seen |= bit;
            if (property == Property.USER_PROPERTY
                    && ++userProperties > limits.userPropertiesMax()) {
                throw tooMany(cursor, "user properties", limits.userPropertiesMax());
            }
            if (++count > limits.propertiesMax()) {
                throw tooMany(cursor, "properties", limits.propertiesMax());
            }
            checkSender(cursor, property, site, sender);
            property.check(cursor, site);
            if (cursor.at() > end) {
                throw cursor.malformed(
                        at(site, property)
                                + " goes "
                                + FrameCursor.bytes(cursor.at() - end)
                                + " beyond the properties",
                        Clause.PROPERTY_LENGTH);
            }
            note(property, start);
        }
        if (authenticationData && !authenticationMethod) {
            throw cursor.protocolError(
                    "authentication data without authentication method",
                    Clause.AUTHENTICATION_DATA);
        }
    }

    private static Property<?> next(FrameCursor cursor, Property.Site site)
            throws MalformedPacketException {
        // The identifier is a variable byte integer, but all there are fit in its first byte.
        int id = cursor.variableByteInteger("property identifier");
        Property<?> property = Property.byId(id);
        if (property == null) {
            throw cursor.malformed(
                    "property " + FrameCursor.hex(id) + " is unknown", Clause.PROPERTY);
        }
        if (!property.allowedAt(site)) {
            throw cursor.malformed(at(site, property) + " is not allowed", Clause.PROPERTY);
        }
        return property;
    }

    private static void checkSender(
            FrameCursor cursor, Property<?> property, Property.Site site, Sender sender)
            throws MalformedPacketException {
        if (site == Property.Site.PUBLISH
                && property == Property.SUBSCRIPTION_IDENTIFIER
                && sender == Sender.CLIENT) {
            throw cursor.protocolError(
                    "subscription identifier from a client",
                    Clause.SUBSCRIPTION_IDENTIFIER_FROM_CLIENT);
        }
        if (site == Property.Site.DISCONNECT
                && property == Property.SESSION_EXPIRY_INTERVAL
                && sender == Sender.SERVER) {
            throw cursor.protocolError(
                    "session expiry interval from a server", Clause.SESSION_EXPIRY_FROM_SERVER);
        }
    }

    private void note(Property<?> property, int start) {
        if (property == Property.TOPIC_ALIAS) {
            topicAliasIndex = start;
        } else if (property == Property.MESSAGE_EXPIRY_INTERVAL) {
            messageExpiryIndex = start;
        } else if (property == Property.AUTHENTICATION_DATA) {
            authenticationData = true;
        } else if (property == Property.AUTHENTICATION_METHOD) {
            authenticationMethod = true;
        }
    }

    private static String at(Property.Site site, Property<?> property) {
        String label = property.label();
        return site == Property.Site.WILL && !label.startsWith("will") ? "will " + label : label;
    }

    private static MalformedPacketException tooMany(FrameCursor cursor, String what, int max) {
        return cursor.fault(
                ReasonCode.QUOTA_EXCEEDED, "more than " + max + " " + what, Clause.LIMIT);
    }

    /// Where the first property begins.
    int index() {
        return index;
    }

    /// Bytes of the properties, without the length before them.
    int length() {
        return end - index;
    }

    int count() {
        return count;
    }

    /// Where the topic alias' identifier is; -1 if there is none.
    int topicAliasIndex() {
        return topicAliasIndex;
    }

    /// Where the message expiry interval's identifier is; -1 if there is none.
    int messageExpiryIndex() {
        return messageExpiryIndex;
    }
}
