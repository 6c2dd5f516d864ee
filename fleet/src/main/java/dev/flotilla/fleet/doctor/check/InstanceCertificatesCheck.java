package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.ShownCertificate;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether the instances that are reached over TLS show certificates that are good, and for how
/// long.
public record InstanceCertificatesCheck() implements Check {
  private static final String NAME = "instance certificates";
  private static final Duration SOON = Duration.ofDays(21);
  private static final int HTTPS = 443;
  private static final int MOST = 200;
  private static final String OVER_TLS =
      "select id, url from instances where url like 'wss:%' order by id limit " + MOST;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    List<Finding> findings = new ArrayList<>();
    int good = 0;
    for (Row row : patient.stores().postgres().query(OVER_TLS).execute().await()) {
      URI url = URI.create(row.getString("url"));
      Finding finding = look(row.getString("id"), url);
      if (finding == null) {
        good++;
      } else {
        findings.add(finding);
      }
    }
    if (!findings.isEmpty()) {
      return findings;
    }
    return List.of(
        Finding.sound(
            NAME,
            good == 0 ? "no instance is reached over TLS" : "all " + good + " are good for weeks"));
  }

  private static @Nullable Finding look(String id, URI url) {
    int port = url.getPort() > 0 ? url.getPort() : HTTPS;
    String place = url.getHost() + ":" + port;
    Instant end;
    try {
      end = ShownCertificate.end(url.getHost(), port);
    } catch (IOException | GeneralSecurityException unseen) {
      return Finding.unknown(
          NAME,
          "instance "
              + id
              + " shows no certificate from here, at "
              + place
              + ": "
              + StartFailure.reason(unseen));
    }
    Duration left = Duration.between(Instant.now(), end);
    String remedy =
        "renew it there; `openssl s_client -connect "
            + place
            + " </dev/null | openssl x509 -noout -dates` shows it";
    if (left.isNegative()) {
      return Finding.error(
          NAME,
          "the certificate of instance " + id + " has expired, on " + end,
          "no node connects to it any more: it gets no work.",
          remedy);
    }
    return left.compareTo(SOON) < 0
        ? Finding.warning(
            NAME,
            "the certificate of instance " + id + " expires in " + left.toDays() + " days",
            "no node connects to it any more then.",
            remedy)
        : null;
  }
}
