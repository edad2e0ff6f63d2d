package io.banyanmq.fabric;

/// The secret that the nodes of a cluster share, 1..1,024 bytes; it never travels and is never printed.
public final class Cookie {
    private final byte[] secret;

    private Cookie(byte[] secret) {
        this.secret = secret;
    }

    public static Cookie of(byte[] secret) {
        if (secret.length < 1 || secret.length > 1_024) {
            throw new IllegalArgumentException(
                    "cookie of " + secret.length + " bytes, need 1 to 1,024");
        }
        return new Cookie(secret.clone());
    }

    /// No cookie: only where mutual TLS vouches for the peers.
    public static Cookie none() {
        return new Cookie(new byte[0]);
    }

    boolean isNone() {
        return secret.length == 0;
    }

    byte[] secret() {
        return secret.clone();
    }

    @Override
    public String toString() {
        return "Cookie[hidden]";
    }
}
