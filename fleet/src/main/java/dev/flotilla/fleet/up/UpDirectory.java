package dev.flotilla.fleet.up;

import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// The data directory of `flotilla up`, held by one process at a time.
final class UpDirectory implements AutoCloseable {
  private final Path root;
  private final FileChannel channel;

  private UpDirectory(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  static UpDirectory claim(Path root) throws StartFailure {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(root)) {
      throw broken(root, "is not a directory", null);
    }
    try {
      Files.createDirectories(
          root, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.createDirectories(root.resolve("run"));
      Files.createDirectories(root.resolve("logs"));
      return lock(root);
    } catch (IOException failure) {
      throw broken(root, "cannot be used (" + StartFailure.reason(failure) + ")", failure);
    }
  }

  private static UpDirectory lock(Path root) throws IOException, StartFailure {
    Path file = root.resolve("run").resolve("up.pid");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new StartFailure(
          StartFailure.RUNTIME,
          "%s is in use by another flotilla up (pid %s); stop that one, or choose another directory with --data"
              .formatted(root, Files.readString(file).strip()));
    }
    channel.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    return new UpDirectory(root, channel);
  }

  private static StartFailure broken(Path root, String how, @Nullable Throwable cause) {
    String line =
        "the data directory " + root + " " + how + "; choose another with --data, or repair it";
    return cause == null
        ? new StartFailure(StartFailure.RUNTIME, line)
        : new StartFailure(StartFailure.RUNTIME, line, cause);
  }

  Path root() {
    return root;
  }

  Path state() {
    return root.resolve("state.properties");
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path redis() {
    return root.resolve("redis");
  }

  Path run(String name) {
    return root.resolve("run").resolve(name);
  }

  Path log(String node) {
    return root.resolve("logs").resolve(node + ".log");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
