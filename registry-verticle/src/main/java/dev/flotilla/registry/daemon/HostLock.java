package dev.flotilla.registry.daemon;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The right to start the gateway of a port, which one process of the host has at a time. It ends
/// with the process, however that ends. Not for two threads at once.
final class HostLock {
  private static final Set<OpenOption> OPEN =
      Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  private static final Set<OpenOption> CREATE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW, LinkOption.NOFOLLOW_LINKS);

  private final Path file;
  private @Nullable FileLock lock;

  HostLock(Path file) {
    this.file = file;
  }

  /// The one of a port, at a place that every process of the host knows.
  static HostLock ofPort(int port) {
    return new HostLock(
        Path.of(System.getProperty("java.io.tmpdir"), "flotilla-local-" + port + ".lock"));
  }

  /// @return whether this process has it now
  boolean take() throws IOException {
    FileLock held = lock;
    if (held != null && held.isValid()) {
      return true;
    }
    FileChannel channel = open();
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException anotherNodeOfThisProcess) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
    }
    return lock != null;
  }

  private FileChannel open() throws IOException {
    try {
      // Not "create if absent": in a shared directory systems refuse that for files of others.
      return FileChannel.open(file, OPEN);
    } catch (NoSuchFileException firstOfThisHost) {
      return create();
    }
  }

  private FileChannel create() throws IOException {
    try {
      FileChannel channel = FileChannel.open(file, CREATE);
      if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
        // Nodes of other users of the host have to see the lock, too.
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
      }
      return channel;
    } catch (FileAlreadyExistsException anotherWasFaster) {
      return FileChannel.open(file, OPEN);
    }
  }

  void release() throws IOException {
    FileLock held = lock;
    lock = null;
    if (held != null) {
      held.acquiredBy().close();
    }
  }
}
