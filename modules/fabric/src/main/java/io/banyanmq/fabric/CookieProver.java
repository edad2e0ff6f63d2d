package io.banyanmq.fabric;

import io.banyanmq.fabric.core.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Proves knowledge of the cookie by HMAC-SHA256 over the role's label and the parts, each behind its length.
final class CookieProver implements Handshake.Prover {
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    CookieProver(Cookie cookie) {
        // The JDK takes no empty key; HMAC pads it with zeros, so a single zero is the same one.
        key = new SecretKeySpec(cookie.isNone() ? new byte[1] : cookie.secret(), ALGORITHM);
    }

    @Override
    public byte[] prove(String role, byte[] hello, byte[] challenge, byte[] exporter) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            add(mac, ("banyanmq fabric " + role).getBytes(StandardCharsets.UTF_8));
            add(mac, hello);
            add(mac, challenge);
            add(mac, exporter);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static void add(Mac mac, byte[] part) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
        mac.update(part);
    }

    @Override
    public boolean same(byte[] wanted, byte[] got) {
        return MessageDigest.isEqual(wanted, got);
    }
}
