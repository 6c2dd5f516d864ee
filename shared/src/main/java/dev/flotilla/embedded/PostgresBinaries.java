package dev.flotilla.embedded;

import dev.flotilla.scratch.ScratchDirectory;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// The programs of PostgreSQL, unpacked once per user and version.
final class PostgresBinaries {
  private PostgresBinaries() {}

  /// The directory that holds `bin`, below the given one; unpacked now if it is not there.
  static Path unpackedIn(Path cache) throws IOException {
    String resource = "/postgres-" + Platform.postgresName() + ".txz";
    String digest = digest(resource);
    Path home = cache.resolve("postgres-" + digest);
    if (Files.isDirectory(home)) {
      return home;
    }
    Files.createDirectories(cache);
    try (FileChannel channel =
            FileChannel.open(
                cache.resolve("unpack.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.isDirectory(home)) {
        Path part = cache.resolve("postgres-" + digest + ".part");
        ScratchDirectory.remove(part);
        unpack(resource, part);
        Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return home;
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = PostgresBinaries.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(
          "There is no embedded PostgreSQL for this platform ("
              + resource
              + "); use flotilla node with your own.");
    }
    return in;
  }

  private static String digest(String resource) throws IOException {
    try (InputStream in = open(resource)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] block = new byte[1 << 16];
      for (int read = in.read(block); read >= 0; read = in.read(block)) {
        digest.update(block, 0, read);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }

  private static void unpack(String resource, Path target) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(
            new BufferedInputStream(new XZInputStream(open(resource)), 1 << 16))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("The archive has an entry outside of it: " + entry.getName());
        }
        write(tar, entry, path, target);
      }
    }
  }

  private static void write(
      TarArchiveInputStream tar, TarArchiveEntry entry, Path path, Path target) throws IOException {
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent() == null ? target : path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.createLink(path, target.resolve(entry.getLinkName()));
    } else {
      Files.copy(tar, path);
      if ((entry.getMode() & 0100) != 0 || path.startsWith(target.resolve("bin"))) {
        path.toFile().setExecutable(true, false);
      }
    }
  }
}
