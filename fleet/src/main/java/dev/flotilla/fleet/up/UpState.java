package dev.flotilla.fleet.up;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Properties;
import java.util.Set;

/// What a data directory remembers between starts: ports that were free once, and the passwords of
/// its stores.
final class UpState {
  private static final String LOOPBACK = "127.0.0.1";

  private final Path file;
  private final Properties values = new Properties();
  private final Set<Integer> given = new HashSet<>();

  private UpState(Path file) {
    this.file = file;
  }

  static UpState of(UpDirectory directory) throws StartFailure {
    UpState state = new UpState(directory.state());
    try {
      if (Files.exists(state.file)) {
        state.values.load(new StringReader(Files.readString(state.file)));
      } else if (Files.exists(directory.postgres().resolve("PG_VERSION"))) {
        throw new StartFailure(
            StartFailure.RUNTIME,
            state.file
                + " is missing, and with it the password of "
                + directory.postgres()
                + "; restore it, or move the data directory away to start anew");
      }
      return state;
    } catch (IOException | IllegalArgumentException unreadable) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "cannot read " + state.file + " (" + unreadable.getMessage() + "); restore it",
          unreadable);
    }
  }

  /// The port of that name: the one of last time where it is free, else another free one.
  int port(String name) throws StartFailure {
    try {
      int known = Integer.parseInt(values.getProperty(name + ".port", "0"));
      if (known > 0 && ListenCheck.isFree(LOOPBACK, known) && given.add(known)) {
        return known;
      }
      values.remove(name + ".port");
      int free = freePort();
      values.setProperty(name + ".port", Integer.toString(free));
      return free;
    } catch (NumberFormatException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "no port for " + name + " (" + failure.getMessage() + "); see " + file,
          failure);
    }
  }

  /// A port for this run only. No two servers of a fleet are ever given the same one, although none
  /// of them listens yet when the ports are chosen.
  int freePort() throws StartFailure {
    try {
      int port = ListenCheck.free(LOOPBACK);
      while (isRemembered(port) || !given.add(port)) {
        port = ListenCheck.free(LOOPBACK);
      }
      return port;
    } catch (IOException none) {
      throw new StartFailure(
          StartFailure.RUNTIME, "no free port: " + StartFailure.reason(none), none);
    }
  }

  /// Takes a port that the user chose, so that no server of the fleet is given it.
  void take(int port) {
    given.add(port);
  }

  private boolean isRemembered(int port) {
    return values.stringPropertyNames().stream()
        .filter(key -> key.endsWith(".port"))
        .anyMatch(key -> values.getProperty(key).equals(Integer.toString(port)));
  }

  /// The password of that name, made when first asked for.
  String password(String name) {
    return (String) values.computeIfAbsent(name + ".password", _ -> OwnFile.randomSecret());
  }

  /// Whether something was noted, in this run or an earlier one.
  boolean has(String what) {
    return values.containsKey(what);
  }

  void note(String what) throws StartFailure {
    values.setProperty(what, "done");
    save();
  }

  void save() throws StartFailure {
    StringWriter text = new StringWriter();
    try {
      values.store(text, "Ports and passwords of flotilla up. Belongs to the data beside it.");
      OwnFile.write(file, text.toString());
    } catch (IOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME, "cannot write " + file + ": " + failure.getMessage(), failure);
    }
  }
}
