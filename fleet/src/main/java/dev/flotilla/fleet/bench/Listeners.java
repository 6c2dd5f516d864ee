package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Loop;
import dev.flotilla.fleet.bench.wire.load.Messages;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Many sockets and the one thread that reads them, so lean that the fleet is what is measured.
final class Listeners implements AutoCloseable {
  private static final int TURN_MILLIS = 50;

  private final ExecutorService reader = Executors.newSingleThreadExecutor();
  private final Loop loop;
  private final Future<?> reading;
  private volatile boolean over;

  /// @param sinks gives one for each socket; called by the reader's thread alone
  Listeners(List<Dialogue> sockets, Supplier<Messages.Sink> sinks) throws IOException {
    this.loop = on(() -> new Loop(false));
    on(
        () -> {
          for (Dialogue socket : sockets) {
            loop.add(socket, sinks.get());
          }
          return loop;
        });
    this.reading = reader.submit(this::read);
  }

  private Void read() throws IOException {
    while (!over) {
      loop.turn(TURN_MILLIS);
    }
    return null;
  }

  private <T> T on(Callable<T> action) throws IOException {
    return of(reader.submit(action));
  }

  private static <T> T of(Future<T> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  /// True where a socket has not lasted: [#close] says why.
  boolean ended() {
    return reading.isDone();
  }

  /// Fails where a socket did not last until now.
  @Override
  public void close() throws IOException {
    over = true;
    try {
      of(reading);
    } finally {
      reader.execute(loop::close);
      reader.close();
    }
  }
}
