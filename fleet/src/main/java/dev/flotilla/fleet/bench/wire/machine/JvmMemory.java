package dev.flotilla.fleet.bench.wire.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a JVM keeps: live objects after a full collection, and the memory that is its own.
///
/// @param heapBytes live objects
/// @param anonymousBytes resident memory that is no file (`RssAnon`): heap, buffers, stacks, code
public record JvmMemory(long heapBytes, long anonymousBytes) {
  private static final String TOTAL = "Total ";
  private static final String ANONYMOUS = "RssAnon:";
  private static final int KIB = 1024;

  /// Collects twice, so that what the first finds dead is also given back, and looks.
  public static JvmMemory of(long pid) throws IOException, InterruptedException {
    jcmd(pid, "GC.run");
    jcmd(pid, "GC.run");
    long heap = total(jcmd(pid, "GC.class_histogram"));
    return new JvmMemory(heap, anonymous(Files.readAllLines(status(pid))));
  }

  private static Path status(long pid) {
    return Path.of("/proc", Long.toString(pid), "status");
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    return Programs.output(List.of(jcmd.toString(), Long.toString(pid), command));
  }

  /// The last line of a class histogram: `Total`, instances, bytes.
  static long total(String histogram) throws IOException {
    String line =
        histogram
            .lines()
            .filter(each -> each.startsWith(TOTAL))
            .findFirst()
            .orElseThrow(() -> new IOException("no class histogram"));
    return Long.parseLong(List.of(line.strip().split("\\s+", -1)).getLast());
  }

  static long anonymous(List<String> status) throws IOException {
    String line =
        status.stream()
            .filter(each -> each.startsWith(ANONYMOUS))
            .findFirst()
            .orElseThrow(() -> new IOException("the kernel does not tell " + ANONYMOUS));
    return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
  }
}
