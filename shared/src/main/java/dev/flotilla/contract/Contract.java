package dev.flotilla.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The contracts that sessions speak, one row for each: which versions, and the files below
/// `contract/` that say what they are. The first file is the one to begin with.
public enum Contract {
  CONTROL(
      "1",
      List.of("1"),
      "control/connect.json",
      "control/hello.json",
      "control/req.json",
      "control/res.json",
      "control/event.json",
      "control/error.json"),
  DASHBOARD("1.0.0", List.of("1.0.0"), "dashboard/ws_messages.schema.json");

  private final String currentVersion;
  private final List<String> supportedVersions;
  private final List<String> files;

  Contract(String currentVersion, List<String> supportedVersions, String... files) {
    this.currentVersion = currentVersion;
    this.supportedVersions = supportedVersions;
    this.files = List.of(files);
  }

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String currentVersion() {
    return currentVersion;
  }

  public List<String> supportedVersions() {
    return supportedVersions;
  }

  public List<String> files() {
    return files;
  }

  /// A file as it is.
  public static byte[] bytes(String file) {
    try (InputStream in = Contract.class.getResourceAsStream("/contract/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("There is no " + file);
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// Of all files, one after the other, in lower-case hexadecimal.
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(file -> digest.update(bytes(file)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }
}
