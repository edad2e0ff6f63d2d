package io.banyanmq.raft.kit;

import java.nio.file.Path;

/// Files for mutual TLS between the peers of a group, in PEM.
///
/// @param key the private key, PKCS#8
/// @param certificate the certificate chain that belongs to it
/// @param authorities certificates that other peers' chains must end in
public record RaftTls(Path key, Path certificate, Path authorities) {}
