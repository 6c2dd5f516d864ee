package dev.flotilla.fleet.bench.wire.load;

import static dev.flotilla.fleet.bench.wire.load.Calls.INT;
import static dev.flotilla.fleet.bench.wire.load.Calls.LONG;
import static dev.flotilla.fleet.bench.wire.load.Calls.POINTER;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/// A TCP connection as Linux has it: one system call to read, one to write, and nothing around
/// them. Buffers have to be direct.
final class NativeSocket implements AutoCloseable {
  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_NODELAY = 1;
  private static final int SOL_SOCKET = 1;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int ADDRESS_BYTES = 16;

  private static final MethodHandle SOCKET = Calls.waiting("socket", INT, INT, INT, INT);
  private static final MethodHandle CONNECT = Calls.waiting("connect", INT, INT, POINTER, INT);
  private static final MethodHandle OPTION =
      Calls.waiting("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private static final MethodHandle CLOSE = Calls.waiting("close", INT, INT);
  private static final MethodHandle RECEIVE = Calls.waiting("recv", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle RECEIVE_NOW =
      Calls.quick("recv", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle SEND = Calls.waiting("send", LONG, INT, POINTER, LONG, INT);
  private static final MethodHandle SEND_NOW = Calls.quick("send", LONG, INT, POINTER, LONG, INT);

  private final int descriptor;
  private boolean closed;

  private NativeSocket(int descriptor) {
    this.descriptor = descriptor;
  }

  /// @param patience of everything that waits
  static NativeSocket connect(InetSocketAddress to, Duration patience) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) SOCKET.invokeExact(Calls.error(), AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (descriptor < 0) {
        throw Calls.failure("socket");
      }
      NativeSocket socket = new NativeSocket(descriptor);
      socket.option(IPPROTO_TCP, TCP_NODELAY, arena.allocateFrom(JAVA_INT, 1));
      MemorySegment time = arena.allocateFrom(JAVA_LONG, patience.toSeconds(), 0);
      socket.option(SOL_SOCKET, SO_RCVTIMEO, time);
      socket.option(SOL_SOCKET, SO_SNDTIMEO, time);
      int connected =
          (int) CONNECT.invokeExact(Calls.error(), descriptor, address(arena, to), ADDRESS_BYTES);
      if (connected < 0) {
        IOException failure = Calls.failure("connect to " + to);
        socket.close();
        throw failure;
      }
      return socket;
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  private static MemorySegment address(Arena arena, InetSocketAddress to) {
    MemorySegment address = arena.allocate(ADDRESS_BYTES, Long.BYTES);
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.set(JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN), 2, (short) to.getPort());
    MemorySegment.copy(to.getAddress().getAddress(), 0, address, JAVA_BYTE, 4, Integer.BYTES);
    return address;
  }

  private void option(int level, int name, MemorySegment value) throws IOException {
    try {
      int size = (int) value.byteSize();
      if ((int) OPTION.invokeExact(Calls.error(), descriptor, level, name, value, size) < 0) {
        throw Calls.failure("setsockopt");
      }
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  int descriptor() {
    return descriptor;
  }

  /// Waits for bytes; -1 at the end of the stream.
  int read(MemorySegment into) throws IOException {
    try {
      int count =
          (int) (long) RECEIVE.invokeExact(Calls.error(), descriptor, into, into.byteSize(), 0);
      return count < 0 ? failed("recv", false) : count == 0 ? -1 : count;
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  /// What is there, 0 where nothing is; -1 at the end of the stream.
  int readNow(MemorySegment into) throws IOException {
    try {
      int count =
          (int)
              (long)
                  RECEIVE_NOW.invokeExact(
                      Calls.error(), descriptor, into, into.byteSize(), MSG_DONTWAIT);
      return count < 0 ? failed("recv", true) : count == 0 ? -1 : count;
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  /// Waits until everything is sent.
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      bytes.position(bytes.position() + send(SEND, bytes, MSG_NOSIGNAL, false));
    }
  }

  /// Sends as much as goes without waiting.
  void writeNow(ByteBuffer bytes) throws IOException {
    int sent = send(SEND_NOW, bytes, MSG_NOSIGNAL | MSG_DONTWAIT, true);
    bytes.position(bytes.position() + sent);
  }

  private int send(MethodHandle call, ByteBuffer bytes, int flags, boolean mayBeFull)
      throws IOException {
    try {
      MemorySegment from = MemorySegment.ofBuffer(bytes);
      int count =
          (int) (long) call.invokeExact(Calls.error(), descriptor, from, from.byteSize(), flags);
      return count < 0 ? failed("send", mayBeFull) : count;
    } catch (IOException | RuntimeException known) {
      throw known;
    } catch (Throwable other) {
      throw Calls.impossible(other);
    }
  }

  /// Nothing was moved: 0 where that is no error.
  private static int failed(String call, boolean mayBlock) throws IOException {
    int errno = Calls.errno();
    if (errno == EINTR || (errno == EAGAIN && mayBlock)) {
      return 0;
    }
    throw errno == EAGAIN ? new IOException("the server said nothing") : Calls.failure(call);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        int _ = (int) CLOSE.invokeExact(Calls.error(), descriptor);
      } catch (Throwable other) {
        throw Calls.impossible(other);
      }
    }
  }
}
