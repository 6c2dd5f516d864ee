package dev.flotilla.fleet.bench.wire.load;

/// The kinds of WebSocket frames, RFC 6455.
public final class Opcode {
  public static final int CONTINUATION = 0;
  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private Opcode() {}
}
