package io.banyanmq.mqtt.codec;

/// Which end of a connection sent a packet. A broker decodes what a [#CLIENT] sends, a client (or a
/// test tool) what a [#SERVER] sends; some packets and properties are only allowed from one of them.
public enum Sender {
    /// The end that opened the connection.
    CLIENT,
    /// The broker.
    SERVER
}
