package dev.flotilla.fleet.bench.wire.load;

import static dev.flotilla.fleet.bench.wire.load.Calls.INT;
import static dev.flotilla.fleet.bench.wire.load.Calls.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// Which of many sockets have something to read, as Linux tells it.
final class Epoll implements AutoCloseable {
  static final int READABLE = 1;
  static final int WRITABLE = 4;

  private static final int CLOEXEC = 0x80000;
  private static final int ADD = 1;
  private static final int MODIFY = 3;
  private static final int EINTR = 4;
  private static final int MOST_AT_ONCE = 1024;

  /// `struct epoll_event` is packed on x86 only.
  private static final boolean PACKED = "amd64".equals(System.getProperty("os.arch"));

  private static final int EVENT_BYTES = PACKED ? 12 : 16;
  private static final int TOKEN_AT = PACKED ? 4 : 8;

  private static final MethodHandle CREATE = Calls.waiting("epoll_create1", INT, INT);
  private static final MethodHandle CONTROL =
      Calls.waiting("epoll_ctl", INT, INT, INT, INT, POINTER);
  private static final MethodHandle WAIT = Calls.waiting("epoll_wait", INT, INT, POINTER, INT, INT);
  private static final MethodHandle LOOK = Calls.quick("epoll_wait", INT, INT, POINTER, INT, INT);
  private static final MethodHandle CLOSE = Calls.waiting("close", INT, INT);

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment events = arena.allocate((long) MOST_AT_ONCE * EVENT_BYTES, 8);
  private final MemorySegment change = arena.allocate(EVENT_BYTES, 8);
  private final int descriptor;

  Epoll() throws IOException {
    try {
      descriptor = (int) CREATE.invokeExact(Calls.error(), CLOEXEC);
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
    if (descriptor < 0) {
      throw Calls.failure("epoll_create1");
    }
  }

  /// @param token by which [#token] tells of the socket
  void add(NativeSocket socket, int token) throws IOException {
    control(ADD, socket, token, READABLE);
  }

  void interest(NativeSocket socket, int token, int interest) throws IOException {
    control(MODIFY, socket, token, interest);
  }

  private void control(int operation, NativeSocket socket, int token, int interest)
      throws IOException {
    change.set(JAVA_INT_UNALIGNED, 0, interest);
    change.set(JAVA_INT_UNALIGNED, TOKEN_AT, token);
    try {
      int done =
          (int)
              CONTROL.invokeExact(
                  Calls.error(), descriptor, operation, socket.descriptor(), change);
      if (done < 0) {
        throw Calls.failure("epoll_ctl");
      }
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  /// How many sockets are ready, after waiting for the first at most so long.
  int await(int millis) throws IOException {
    try {
      int ready =
          millis == 0
              ? (int) LOOK.invokeExact(Calls.error(), descriptor, events, MOST_AT_ONCE, 0)
              : (int) WAIT.invokeExact(Calls.error(), descriptor, events, MOST_AT_ONCE, millis);
      if (ready < 0 && Calls.errno() != EINTR) {
        throw Calls.failure("epoll_wait");
      }
      return Math.max(ready, 0);
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  /// The socket of one of those that are ready.
  int token(int index) {
    return events.get(JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES + TOKEN_AT);
  }

  boolean writable(int index) {
    return (events.get(JAVA_INT_UNALIGNED, (long) index * EVENT_BYTES) & WRITABLE) != 0;
  }

  @Override
  public void close() {
    try {
      int _ = (int) CLOSE.invokeExact(Calls.error(), descriptor);
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
    arena.close();
  }
}
