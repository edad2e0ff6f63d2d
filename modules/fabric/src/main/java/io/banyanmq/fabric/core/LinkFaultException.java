package io.banyanmq.fabric.core;

/// The other end of a link broke the rules of numbered sources: a fault of its program, or not the node it claims to be.
public final class LinkFaultException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LinkFaultException(String message) {
        super(message);
    }
}
