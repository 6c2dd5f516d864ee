package dev.flotilla.fleet;

/// Something that the user can put right, said in one line.
public final class StartFailure extends Exception {
  /// Ports, files, servers: the same command may work later.
  public static final int RUNTIME = 1;

  /// The command or the configuration has to change.
  public static final int USAGE = 2;

  private final int exitCode;

  public StartFailure(int exitCode, String line) {
    super(line);
    this.exitCode = exitCode;
  }

  public StartFailure(int exitCode, String line, Throwable cause) {
    super(line, cause);
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }

  /// What to say of a failure that nobody foresaw: its innermost reason.
  public static String reason(Throwable failure) {
    Throwable inner = failure;
    while (inner.getCause() != null) {
      inner = inner.getCause();
    }
    String message = inner.getMessage();
    return message == null || message.isBlank()
        ? inner.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
