/// Apache Ratis, its client, server, gRPC transport and shaded third parties, as one module: the
/// published jars share packages and carry no usable module names.
///
/// Only what this project uses is exported. Ratis' own code finds its parts by reflection and by
/// the services below, all inside this module.
module io.banyanmq.bundle.ratis {
    requires java.logging;
    requires java.management;
    requires java.naming;
    requires jdk.management;
    requires jdk.unsupported;
    requires org.slf4j;
    requires static java.sql;

    exports org.apache.ratis.client;
    exports org.apache.ratis.client.api;
    exports org.apache.ratis.conf;
    exports org.apache.ratis.grpc;
    exports org.apache.ratis.io;
    exports org.apache.ratis.metrics;
    exports org.apache.ratis.proto;
    exports org.apache.ratis.protocol;
    exports org.apache.ratis.protocol.exceptions;
    exports org.apache.ratis.retry;
    exports org.apache.ratis.rpc;
    exports org.apache.ratis.server;
    exports org.apache.ratis.server.api;
    exports org.apache.ratis.server.metrics;
    exports org.apache.ratis.server.protocol;
    exports org.apache.ratis.server.raftlog;
    exports org.apache.ratis.server.storage;
    exports org.apache.ratis.statemachine;
    exports org.apache.ratis.statemachine.impl;
    exports org.apache.ratis.util;
    exports org.apache.ratis.util.function;
    exports org.apache.ratis.thirdparty.com.codahale.metrics;
    exports org.apache.ratis.thirdparty.com.google.protobuf;

    uses org.apache.ratis.metrics.MetricRegistries;
    uses org.apache.ratis.thirdparty.io.grpc.LoadBalancerProvider;
    uses org.apache.ratis.thirdparty.io.grpc.ManagedChannelProvider;
    uses org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
    uses org.apache.ratis.thirdparty.io.grpc.ServerProvider;

    provides org.apache.ratis.metrics.MetricRegistries with
            org.apache.ratis.metrics.impl.MetricRegistriesImpl;
    provides org.apache.ratis.thirdparty.io.grpc.LoadBalancerProvider with
            org.apache.ratis.thirdparty.io.grpc.internal.PickFirstLoadBalancerProvider,
            org.apache.ratis.thirdparty.io.grpc.util.OutlierDetectionLoadBalancerProvider,
            org.apache.ratis.thirdparty.io.grpc.util.RandomSubsettingLoadBalancerProvider,
            org.apache.ratis.thirdparty.io.grpc.util.SecretRoundRobinLoadBalancerProvider.Provider;
    provides org.apache.ratis.thirdparty.io.grpc.ManagedChannelProvider with
            org.apache.ratis.thirdparty.io.grpc.netty.NettyChannelProvider,
            org.apache.ratis.thirdparty.io.grpc.netty.UdsNettyChannelProvider;
    provides org.apache.ratis.thirdparty.io.grpc.NameResolverProvider with
            org.apache.ratis.thirdparty.io.grpc.internal.DnsNameResolverProvider,
            org.apache.ratis.thirdparty.io.grpc.netty.UdsNameResolverProvider;
    provides org.apache.ratis.thirdparty.io.grpc.ServerProvider with
            org.apache.ratis.thirdparty.io.grpc.netty.NettyServerProvider;
}
