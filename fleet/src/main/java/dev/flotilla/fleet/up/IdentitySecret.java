package dev.flotilla.fleet.up;

import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The secret in a data directory that signs the tokens of its fleet.
public record IdentitySecret(Path file) {
  private static final int LEAST = 32;

  public static IdentitySecret in(Path data) {
    return new IdentitySecret(data.resolve("identity.secret"));
  }

  public String read() throws StartFailure {
    if (!Files.exists(file)) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "there is no "
              + file
              + " yet; flotilla up makes it on its first start (--data names its directory)");
    }
    try {
      String secret = Files.readString(file).strip();
      if (secret.length() < LEAST) {
        throw new StartFailure(
            StartFailure.RUNTIME,
            file
                + " is broken: it must hold at least "
                + LEAST
                + " characters; restore it, or delete it to get a new one (old tokens end then)");
      }
      return secret;
    } catch (IOException unreadable) {
      throw new StartFailure(
          StartFailure.RUNTIME, "cannot read " + file + ": " + unreadable.getMessage(), unreadable);
    }
  }

  String readOrCreate() throws StartFailure {
    if (!Files.exists(file)) {
      try {
        OwnFile.write(file, OwnFile.randomSecret() + "\n");
      } catch (IOException failure) {
        throw new StartFailure(
            StartFailure.RUNTIME, "cannot write " + file + ": " + failure.getMessage(), failure);
      }
    }
    return read();
  }
}
