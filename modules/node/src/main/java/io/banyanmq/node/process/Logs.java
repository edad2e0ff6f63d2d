package io.banyanmq.node.process;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.banyanmq.node.config.NodeConfig;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// The log: to standard error, as text or JSON. Logback finds this class as a service, so that it looks for no
/// file of its own.
public final class Logs extends ContextAwareBase implements Configurator {
    private static final String PATTERN =
            "%d{HH:mm:ss.SSS} %-5level %logger{0} - %replace(%msg %kvp){'\\s+$', ''}%n%ex{20}";

    /// For the service loader.
    public Logs() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        apply(context, NodeConfig.LogFormat.TEXT, Level.INFO);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// Makes the log what the configuration says, and takes in what other libraries say elsewhere.
    public static void configure(NodeConfig.Logs config) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            apply(context, config.format(), Level.toLevel(config.level().name()));
        }
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static void apply(LoggerContext context, NodeConfig.LogFormat format, Level level) {
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setName("stderr");
        console.setTarget("System.err");
        console.setEncoder(encoder(context, format));
        console.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(level);
        Level libraries = level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level;
        // Its warnings are stack traces about what raft-kit says in a line, or handles.
        context.getLogger("org.apache.ratis")
                .setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.ERROR : level);
        context.getLogger("io.helidon").setLevel(libraries);
        context.getLogger("io.netty").setLevel(libraries);
    }

    private static Encoder<ILoggingEvent> encoder(
            LoggerContext context, NodeConfig.LogFormat format) {
        if (format == NodeConfig.LogFormat.JSON) {
            JsonEncoder json = new JsonEncoder();
            json.setContext(context);
            json.setWithContext(false);
            json.setWithSequenceNumber(false);
            json.setWithNanoseconds(false);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
