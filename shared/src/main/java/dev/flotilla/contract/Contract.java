package dev.flotilla.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/// The contracts that sessions speak, one row for each: which versions, and the files that say what
/// they are. The first file is the one to begin with.
public enum Contract {
  CONTROL(
      "1",
      List.of("1"),
      Home.CONTRACT,
      "control/connect.json",
      "control/hello.json",
      "control/req.json",
      "control/res.json",
      "control/event.json",
      "control/error.json"),
  DASHBOARD("1.0.0", List.of("1.0.0"), Home.CONTRACT, "dashboard/ws_messages.schema.json"),
  CHAT("1.0.0", List.of("1.0.0"), Home.CONTRACT, "chat/chat.yml"),
  WORK("1", List.of("1"), Home.PROTO, "work/v1/work.proto");

  /// Where files are on the class path.
  private static final class Home {
    static final String CONTRACT = "/contract/";

    /// Protocol buffers lie where their package says.
    static final String PROTO = "/flotilla/";
  }

  private final String currentVersion;
  private final List<String> supportedVersions;
  private final String home;
  private final List<String> files;

  Contract(String currentVersion, List<String> supportedVersions, String home, String... files) {
    this.currentVersion = currentVersion;
    this.supportedVersions = supportedVersions;
    this.home = home;
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
  public byte[] content(String file) {
    try (InputStream in = Contract.class.getResourceAsStream(home + file)) {
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
      files.forEach(file -> digest.update(content(file)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }
}
