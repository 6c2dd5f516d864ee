package dev.flotilla.fleet.up;

import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// The key in a data directory that encrypts the credentials of its fleet's instances.
public record CredentialKey(Path file) {
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");

  public static CredentialKey in(Path data) {
    return new CredentialKey(data.resolve("credentials.key"));
  }

  String readOrCreate() throws StartFailure {
    try {
      if (!Files.exists(file)) {
        OwnFile.write(file, OwnFile.randomSecret() + "\n");
      }
      String key = Files.readString(file).strip();
      if (HEX.matcher(key).matches()) {
        return key;
      }
    } catch (IOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME, "cannot use " + file + ": " + failure.getMessage(), failure);
    }
    throw new StartFailure(
        StartFailure.RUNTIME,
        file
            + " is broken: it must hold 64 hexadecimal digits; restore it, or delete it and set the"
            + " credential of every instance anew");
  }
}
