package dev.flotilla.fleet.bench.wire.machine;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One core for the server that is measured and one for the client that measures it.
///
/// Processes inherit the cores of the one that starts them. So servers are started while this
/// process is on their core.
public final class Cores {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  private final @Nullable Path taskset;
  private final List<Integer> allowed;

  private Cores(@Nullable Path taskset, List<Integer> allowed) {
    this.taskset = taskset;
    this.allowed = allowed;
  }

  /// Says so where nothing can be pinned.
  public static Cores find(PrintWriter loud) throws IOException {
    List<Integer> allowed =
        Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith(ALLOWED))
            .flatMap(line -> list(line.substring(ALLOWED.length()).strip()).stream())
            .toList();
    Optional<Path> taskset = Programs.find("taskset");
    if (taskset.isEmpty()) {
      loud.println(
          "NOT PINNED: taskset is missing; servers and client compete for every core."
              + " apt-get install -y --no-install-recommends util-linux");
    } else if (allowed.size() < 2) {
      loud.println("NOT PINNED: there is one core only; server and client compete for it.");
    }
    return new Cores(allowed.size() < 2 ? null : taskset.orElse(null), allowed);
  }

  /// A list such as `0-2,5`.
  static List<Integer> list(String text) {
    List<Integer> cores = new ArrayList<>();
    for (String range : text.split(",", -1)) {
      String[] ends = range.split("-", 2);
      for (int i = Integer.parseInt(ends[0]); i <= Integer.parseInt(ends[ends.length - 1]); i++) {
        cores.add(i);
      }
    }
    return cores;
  }

  public boolean pinned() {
    return taskset != null;
  }

  /// Where servers run, as far as anything is pinned.
  public int server() {
    return allowed.getFirst();
  }

  public int client() {
    return allowed.getLast();
  }

  /// What is started from now on is a server.
  public void enterServers() throws IOException, InterruptedException {
    enter(server());
  }

  /// This process is the client.
  public void enterClient() throws IOException, InterruptedException {
    enter(client());
  }

  private void enter(int core) throws IOException, InterruptedException {
    if (taskset != null) {
      String self = Long.toString(ProcessHandle.current().pid());
      Programs.output(List.of(taskset.toString(), "-a", "-p", "-c", Integer.toString(core), self));
    }
  }
}
