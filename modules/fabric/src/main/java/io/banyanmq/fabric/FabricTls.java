package io.banyanmq.fabric;

import io.banyanmq.cluster.wire.NodeName;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Mutual TLS between nodes: both ends show a certificate that `ca` signed and whose subject alternative names hold the node's host
/// (a DNS name or an address) or its whole `name@host` (as a DNS or mail name).
///
/// The JDK's provider, TLS 1.3: it exports keying material (RFC 8446 §7.5), which binds the proofs of the
/// cookie to the channel.
public final class FabricTls {
    private static final String EXPORTER_LABEL = "EXPORTER-banyanmq-fabric";
    private static final int EXPORTER_BYTES = 32;
    private static final int MAIL = 1;
    private static final int DNS = 2;
    private static final int ADDRESS = 7;

    private final SslContext server;
    private final SslContext client;

    private FabricTls(SslContext server, SslContext client) {
        this.server = server;
        this.client = client;
    }

    /// Reads PEM files: the node's certificate chain, its key (PKCS #8, no passphrase), and the
    /// authorities that sign the nodes' certificates.
    ///
    /// @throws SSLException if a file cannot be read or does not hold what it should
    public static FabricTls fromPem(Path certificates, Path key, Path authorities)
            throws SSLException {
        try {
            SslContext server =
                    SslContextBuilder.forServer(certificates.toFile(), key.toFile())
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3")
                            .trustManager(authorities.toFile())
                            .clientAuth(ClientAuth.REQUIRE)
                            .build();
            // Whom we reached is checked against its node name in [#vouchesFor], not against the
            // address dialled.
            SslContext client =
                    SslContextBuilder.forClient()
                            .sslProvider(SslProvider.JDK)
                            .protocols("TLSv1.3")
                            .keyManager(certificates.toFile(), key.toFile())
                            .trustManager(authorities.toFile())
                            .endpointIdentificationAlgorithm(null)
                            .build();
            return new FabricTls(server, client);
        } catch (IllegalArgumentException e) {
            throw new SSLException(
                    String.format(
                            Locale.ROOT,
                            "fabric TLS from %s, %s, %s: %s",
                            certificates,
                            key,
                            authorities,
                            e.getMessage()),
                    e);
        }
    }

    SslHandler newHandler(Channel channel, boolean initiator, long handshakeMillis) {
        SslHandler handler = (initiator ? client : server).newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(handshakeMillis);
        return handler;
    }

    /// Keying material of the channel's TLS session, equal on both sides and nowhere else.
    static byte[] exporter(SslHandler handler) throws SSLException {
        if (handler.engine().getSession() instanceof ExtendedSSLSession session) {
            return session.exportKeyingMaterialData(EXPORTER_LABEL, new byte[0], EXPORTER_BYTES);
        }
        throw new SSLException("the TLS provider exports no keying material");
    }

    /// Whether the peer's certificate names `node`.
    static boolean vouchesFor(NodeName node, SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0
                    && chain[0] instanceof X509Certificate certificate
                    && names(node, certificate.getSubjectAlternativeNames());
        } catch (SSLPeerUnverifiedException | CertificateParsingException _) {
            return false;
        }
    }

    private static boolean names(NodeName node, @Nullable Collection<List<?>> alternatives) {
        if (alternatives == null) {
            return false;
        }
        for (List<?> alternative : alternatives) {
            if (alternative.get(0) instanceof Integer kind
                    && alternative.get(1) instanceof String text) {
                boolean named =
                        switch (kind) {
                            case DNS ->
                                    text.equalsIgnoreCase(node.host())
                                            || text.equals(node.toString());
                            case ADDRESS -> text.equals(node.host());
                            case MAIL -> text.equals(node.toString());
                            default -> false;
                        };
                if (named) {
                    return true;
                }
            }
        }
        return false;
    }
}
