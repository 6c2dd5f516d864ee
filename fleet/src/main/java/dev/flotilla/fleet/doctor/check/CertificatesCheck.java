package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether the certificates are good, and for how long.
public record CertificatesCheck() implements Check {
  private static final String NAME = "certificates";
  private static final Duration SOON = Duration.ofDays(21);
  private static final String REMEDY =
      "renew it; nodes take the new files within http.renewalCheck, without a restart";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    List<Finding> findings = new ArrayList<>();
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
          judge(file, end, findings);
        }
      } catch (IOException | CertificateException unreadable) {
        findings.add(
            Finding.error(
                NAME,
                file + " cannot be read: " + unreadable.getMessage(),
                "no node starts with it.",
                "set http.certificate to a PEM file that the node's user may read"));
      }
    }
    if (!findings.isEmpty()) {
      return findings;
    }
    return List.of(
        Finding.sound(
            NAME, files.isEmpty() ? "there are none: no TLS here" : "good until " + first));
  }

  private static void judge(String file, Instant end, List<Finding> findings) {
    Duration left = Duration.between(Instant.now(), end);
    if (left.isNegative()) {
      findings.add(
          Finding.error(
              NAME, file + " has expired, on " + end, "no client connects any more.", REMEDY));
    } else if (left.compareTo(SOON) < 0) {
      findings.add(
          Finding.warning(
              NAME,
              file + " expires in " + left.toDays() + " days",
              "no client connects any more then.",
              REMEDY));
    }
  }
}
