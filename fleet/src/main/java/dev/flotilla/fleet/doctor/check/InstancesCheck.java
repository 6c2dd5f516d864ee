package dev.flotilla.fleet.doctor.check;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.credential.Sealing;
import dev.flotilla.credential.Vault;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.NodeHttp;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Severity;
import dev.flotilla.fleet.doctor.Survey;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.Set;

/// Whether the registered instances can work.
public record InstancesCheck() implements Check {
  private static final String TENANTS =
      "select tenant, count(*) as instances from instances group by tenant order by tenant";
  private static final String PATH = "/api/v1/registry/instances";
  private static final Set<String> GOOD = Set.of("ready", "cordoned", "draining", "degraded");

  @Override
  public void examine(Patient patient, Findings found) {
    credentials(patient, found);
    Survey.Look node =
        patient.survey().looks().stream()
            .filter(look -> look.checkups() != null)
            .findFirst()
            .orElse(null);
    if (node == null) {
      found.unknown("no node says how they are");
      return;
    }
    long registered = 0;
    for (Row row : patient.stores().postgres().query(TENANTS).execute().await()) {
      registered += row.getLong("instances");
      look(patient, node, new TenantId(row.getString("tenant")), found);
    }
    found.elseSound(registered == 0 ? "none is registered" : "all " + registered + " can work");
  }

  private static void look(Patient patient, Survey.Look node, TenantId tenant, Findings found) {
    NodeHttp.Answer answer = patient.http().get(node.url(), PATH, tenant).await();
    for (JsonNode each : answer.as(JsonNode.class).path("items")) {
      String id = each.path("id").asText();
      String state = each.path("state").asText();
      if (!tenant.value().equals(each.path("tenant").asText(tenant.value()))) {
        continue;
      }
      if (each.has("staleSince")) {
        found.error(
            "nobody watches instance " + id + " of tenant " + tenant,
            "it gets no work.",
            "start a node with the role registry");
      } else if (!GOOD.contains(state)) {
        found.warning(
            "instance "
                + id
                + " of tenant "
                + tenant
                + " is "
                + state
                + ": "
                + each.path("reason").asText("no reason"),
            "it gets no work; its conversations go on elsewhere.",
            "`POST /api/v1/registry/instances/" + id + "/test` says what happens on the way");
      }
    }
  }

  /// A credential that cannot be opened is an instance that cannot be reached.
  private static void credentials(Patient patient, Findings found) {
    Vault vault = new Vault(patient.config().credentials());
    Pool pool = patient.stores().postgres();
    if (!vault.canSeal()) {
      return;
    }
    Sealing sealing = new Sealing(pool, vault);
    Sealing.Report report = sealing.look().await();
    report
        .unreadable()
        .forEach(
            problem ->
                found.error(
                    problem,
                    "the instance cannot be reached.",
                    "put the key of before into credentials.retiredKeys, or register it"
                        + " anew"));
    if (report.changed() > 0) {
      found.trouble(
          Severity.WARNING,
          report.changed() + " credentials are not encrypted",
          "who reads a backup of the database can use the instances.",
          "`flotilla instances rekey`",
          () -> sealing.complete().await());
    }
  }
}
