package dev.flotilla.fleet.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.LogFormat;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets logging up: quiet until a node has its configuration, then as that says.
public final class Logs {
  private static final String TEXT = "%d{HH:mm:ss.SSS} %-5level %-36logger{36} %msg %kvp %mdc%n";

  /// Libraries that tell more than an operator wants to know at `info`.
  private static final List<String> CHATTY =
      List.of("com.hazelcast", "org.flywaydb", "io.netty", "io.vertx", "org.postgresql");

  private Logs() {}

  /// For a node: lines on standard output.
  public static void configure(FleetConfig.Telemetry telemetry, String node) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    level(telemetry);
    attach(
        context,
        telemetry.logFormat() == LogFormat.JSON ? new JsonLines(node) : text(context),
        "System.out");
  }

  /// Changes what is logged from now on.
  public static void level(FleetConfig.Telemetry telemetry) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Level level = Level.toLevel(telemetry.logLevel(), Level.INFO);
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    Level libraries = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
    CHATTY.forEach(name -> context.getLogger(name).setLevel(libraries));
    // Vert.x registers its gauges once per server and says so each time.
    context.getLogger("io.micrometer").setLevel(Level.ERROR);
    // Vert.x brings the schema of an older Hazelcast, which this one accepts.
    context.getLogger("com.hazelcast.config").setLevel(Level.ERROR);
  }

  /// For the command line: only what is wrong, on standard error.
  static void quiet(LoggerContext context) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
    attach(context, text(context), "System.err");
  }

  private static Encoder<ILoggingEvent> text(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(TEXT);
    return encoder;
  }

  private static void attach(LoggerContext context, Encoder<ILoggingEvent> encoder, String target) {
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget(target);
    console.setEncoder(encoder);
    console.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(console);
  }
}
