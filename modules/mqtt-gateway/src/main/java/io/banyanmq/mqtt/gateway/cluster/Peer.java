package io.banyanmq.mqtt.gateway.cluster;

import io.banyanmq.cluster.wire.Epoch;
import io.banyanmq.cluster.wire.HostPort;
import io.banyanmq.cluster.wire.NodeName;

/// One epoch of another gateway, known here by `number`.
record Peer(int number, Epoch epoch, NodeName node, HostPort fabric) {}
