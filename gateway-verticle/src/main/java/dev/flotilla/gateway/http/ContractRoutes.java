package dev.flotilla.gateway.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.contract.Contract;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.EffectiveLimits;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.telemetry.Version;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// What clients must know before they speak: versions and schemas of each dialect, and what a
/// session may do. Open to everybody, because it says nothing about anybody.
final class ContractRoutes {
  private static final String HOME = RestRoutes.PREFIXES.getFirst() + "/contract/";

  @JsonNaming(SnakeCaseStrategy.class)
  private record ContractView(
      String currentVersion, List<String> supportedVersions, String schemaUrl, String sha256) {
    static ContractView of(Contract contract) {
      return new ContractView(
          contract.currentVersion(),
          contract.supportedVersions(),
          HOME + contract.files().getFirst(),
          contract.sha256());
    }
  }

  /// What a change of version means.
  @JsonNaming(SnakeCaseStrategy.class)
  private record Policy(
      String versioning, String additions, String breakingChanges, String unknownFields) {}

  private record Contracts(String version, Map<String, ContractView> dialects, Policy policy) {}

  private record ContractOfOne(@JsonUnwrapped ContractView contract, Policy policy) {}

  private record Limits(Map<String, EffectiveLimits> dialects) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record LimitsOfOne(String contractVersion, @JsonUnwrapped EffectiveLimits limits) {}

  private static final Policy POLICY =
      new Policy(
          "semantic",
          "a new field, message or value raises the minor version",
          "anything else raises the major version and comes with migration notes",
          "ignore what you do not know");

  private final Contracts contracts;
  private final ContractOfOne ofDashboard;
  private final Limits limits;
  private final LimitsOfOne limitsOfDashboard;

  ContractRoutes(Edge edge, List<Dialect> dialects) {
    Map<String, ContractView> views = new TreeMap<>();
    for (Contract contract : Contract.values()) {
      views.put(contract.wireName(), ContractView.of(contract));
    }
    contracts = new Contracts(Version.CURRENT, views, POLICY);
    ofDashboard = new ContractOfOne(ContractView.of(Contract.DASHBOARD), POLICY);
    Map<String, EffectiveLimits> all = new TreeMap<>();
    dialects.forEach(
        dialect ->
            all.put(
                dialect.encoding().wireName(),
                EffectiveLimits.of(dialect.limits(), edge.config())));
    limits = new Limits(all);
    limitsOfDashboard =
        new LimitsOfOne(
            Contract.DASHBOARD.currentVersion(),
            Objects.requireNonNull(all.get(Encoding.DASHBOARD.wireName())));
  }

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.get(prefix + "/contract").handler(context -> JsonAnswer.send(context, 200, contracts));
      router.get(prefix + "/limits").handler(context -> JsonAnswer.send(context, 200, limits));
      router
          .get(prefix + "/dashboard/websocket/contract")
          .handler(context -> JsonAnswer.send(context, 200, ofDashboard));
      router
          .get(prefix + "/dashboard/websocket/limits")
          .handler(context -> JsonAnswer.send(context, 200, limitsOfDashboard));
      Arrays.stream(Contract.values())
          .flatMap(contract -> contract.files().stream())
          .forEach(file -> mount(router, prefix + "/contract/" + file, Contract.bytes(file)));
    }
  }

  private static void mount(Router router, String path, byte[] content) {
    Buffer body = Buffer.buffer(content);
    router
        .get(path)
        .handler(
            context ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/schema+json")
                    .end(body.copy()));
  }
}
