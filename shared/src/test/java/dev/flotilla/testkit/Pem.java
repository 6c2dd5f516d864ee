package dev.flotilla.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// A self-signed certificate for 127.0.0.1 and its key, as PEM files, made with the JDK's keytool.
public record Pem(Path certificate, Path key) {
  private static final String PASSWORD = "changeit";
  private static final String ALIAS = "node";

  /// @param name of the certificate's subject, by which tests tell two of them apart
  /// @param start as keytool understands it, such as `-2y`
  public static Pem make(Path directory, String name, String start, int days) {
    return make(directory, name, start, days, "EC");
  }

  /// @param kind of the key, as keytool calls it
  public static Pem make(Path directory, String name, String start, int days, String kind) {
    try {
      Path store = directory.resolve(name + ".p12");
      Process tool =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                      "-genkeypair",
                      "-alias",
                      ALIAS,
                      "-keyalg",
                      kind,
                      "-storetype",
                      "PKCS12",
                      "-keystore",
                      store.toString(),
                      "-storepass",
                      PASSWORD,
                      "-dname",
                      "CN=" + name,
                      "-ext",
                      "san=ip:127.0.0.1,dns:localhost",
                      "-startdate",
                      start,
                      "-validity",
                      Integer.toString(days)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (tool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      Pem pem = new Pem(directory.resolve(name + ".crt"), directory.resolve(name + ".key"));
      pem.extract(store);
      return pem;
    } catch (IOException | GeneralSecurityException failed) {
      throw new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private void extract(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    write(key, "PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    write(certificate, "CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
  }

  private static void write(Path file, String what, byte[] bytes) throws IOException {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
  }
}
