package dev.flotilla.fleet.bench.wire.load;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/// Linux calls by name. Those that never wait are called without the ceremony that lets a garbage
/// collection go on meanwhile; they may take a microsecond, not more.
final class Calls {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  /// Where a call of this thread leaves its error.
  private static final ThreadLocal<MemorySegment> ERROR =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private Calls() {}

  /// A call that may wait.
  static MethodHandle waiting(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, List.of(), result, arguments);
  }

  /// A call that never waits.
  static MethodHandle quick(String name, MemoryLayout result, MemoryLayout... arguments) {
    return bind(name, List.of(Linker.Option.critical(false)), result, arguments);
  }

  @SuppressWarnings(
      "restricted") // What is called is in the C library, with the types it has there.
  private static MethodHandle bind(
      String name, List<Linker.Option> more, MemoryLayout result, MemoryLayout... arguments) {
    List<Linker.Option> options = new ArrayList<>(more);
    options.add(Linker.Option.captureCallState("errno"));
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        options.toArray(Linker.Option[]::new));
  }

  /// The first argument of every call.
  static MemorySegment error() {
    return ERROR.get();
  }

  /// The error of the last call that failed on this thread.
  static int errno() {
    return (int) ERRNO.get(ERROR.get(), 0L);
  }

  static IOException failure(String what) {
    return new IOException(what + " failed with errno " + errno());
  }

  /// Method handles say that they throw anything; these throw nothing.
  static IllegalStateException impossible(Throwable failure) {
    return new IllegalStateException(failure);
  }

  static final MemoryLayout INT = JAVA_INT;
  static final MemoryLayout LONG = JAVA_LONG;
  static final MemoryLayout POINTER = ADDRESS;
}
