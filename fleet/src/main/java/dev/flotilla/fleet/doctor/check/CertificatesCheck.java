package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether the certificates are good, and for how long.
public record CertificatesCheck() implements Check {
  @Override
  public void examine(Patient patient, Findings found) {
    Set<String> files = new TreeSet<>();
    patient.configs().stream()
        .map(config -> config.http().certificate())
        .filter(Objects::nonNull)
        .forEach(files::add);
    Instant first = Instant.MAX;
    for (String file : files) {
      try (InputStream in = Files.newInputStream(Path.of(file))) {
        var chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
        for (Certificate each : chain) {
          Instant end = ((X509Certificate) each).getNotAfter().toInstant();
          first = end.isBefore(first) ? end : first;
          new Expiry(file, end)
              .judge(
                  "no client connects any more.",
                  "no client connects any more then.",
                  "renew it; nodes take the new files within http.renewalCheck, without a restart",
                  found);
        }
      } catch (IOException | CertificateException unreadable) {
        found.error(
            file + " cannot be read: " + unreadable.getMessage(),
            "no node starts with it.",
            "set http.certificate to a PEM file that the node's user may read");
      }
    }
    found.elseSound(files.isEmpty() ? "there are none: no TLS here" : "good until " + first);
  }
}
