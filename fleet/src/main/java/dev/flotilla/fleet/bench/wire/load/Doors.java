package dev.flotilla.fleet.bench.wire.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Opens many connections at the same time: each waits for its server several times.
public final class Doors {
  private static final int AT_ONCE = 32;

  /// Opens one connection.
  public interface Door {
    Dialogue open() throws IOException;
  }

  private Doors() {}

  public static List<Dialogue> open(int count, Door door) throws IOException {
    List<Dialogue> open = new ArrayList<>(count);
    try (ExecutorService visitors = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<List<Dialogue>>> shares = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        int share = (count + i) / AT_ONCE;
        shares.add(visitors.submit(() -> several(share, door)));
      }
      for (Future<List<Dialogue>> share : shares) {
        open.addAll(share.get());
      }
      return open;
    } catch (ExecutionException failed) {
      close(open);
      throw failed.getCause() instanceof IOException known ? known : new IOException(failed);
    } catch (InterruptedException interrupted) {
      close(open);
      Thread.currentThread().interrupt();
      throw new IOException(interrupted);
    }
  }

  private static List<Dialogue> several(int count, Door door) throws IOException {
    List<Dialogue> open = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        open.add(door.open());
      }
      return open;
    } catch (IOException failure) {
      close(open);
      throw failure;
    }
  }

  private static void close(List<Dialogue> open) {
    open.forEach(Dialogue::close);
  }
}
