package dev.flotilla.telemetry;

/// Keys of structured log lines, the same everywhere.
public final class LogKeys {
  public static final String CORRELATION_ID = "correlation_id";
  public static final String TENANT = "tenant";
  public static final String SESSION = "session";
  public static final String DIALECT = "dialect";
  public static final String METHOD = "method";

  /// The type of the message that a line is about.
  public static final String TYPE = "type";

  /// The subscription or the topics that a line is about.
  public static final String SUBSCRIPTION = "subscription";

  public static final String NODE = "node";
  public static final String INSTANCE = "instance";
  public static final String TASK = "task";

  private LogKeys() {}
}
