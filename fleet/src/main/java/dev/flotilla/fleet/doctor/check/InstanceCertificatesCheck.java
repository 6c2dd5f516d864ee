package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.ShownCertificate;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Instant;

/// Whether the instances that are reached over TLS show certificates that are good, and for how
/// long.
public record InstanceCertificatesCheck() implements Check {
  private static final int HTTPS = 443;
  private static final int MOST = 200;
  private static final String OVER_TLS =
      "select id, url from instances where url like 'wss:%' order by id limit " + MOST;

  @Override
  public void examine(Patient patient, Findings found) {
    int seen = 0;
    for (Row row : patient.stores().postgres().query(OVER_TLS).execute().await()) {
      seen++;
      look(row.getString("id"), URI.create(row.getString("url")), found);
    }
    found.elseSound(
        seen == 0 ? "no instance is reached over TLS" : "all " + seen + " are good for weeks");
  }

  private static void look(String id, URI url, Findings found) {
    int port = url.getPort() > 0 ? url.getPort() : HTTPS;
    String place = url.getHost() + ":" + port;
    try {
      Instant end = ShownCertificate.end(url.getHost(), port);
      new Expiry("the certificate of instance " + id, end)
          .judge(
              "no node connects to it any more: it gets no work.",
              "no node connects to it any more then.",
              "renew it there; `openssl s_client -connect "
                  + place
                  + " </dev/null | openssl x509 -noout -dates` shows it",
              found);
    } catch (IOException | GeneralSecurityException unseen) {
      found.unknown(
          "instance "
              + id
              + " shows no certificate from here, at "
              + place
              + ": "
              + StartFailure.reason(unseen));
    }
  }
}
