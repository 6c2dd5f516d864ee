package dev.flotilla.gateway.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.Contract;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.EffectiveLimits;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.telemetry.Version;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
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

  private record Limits(
      NodeLimits node, Map<String, EffectiveLimits> dialects, EffectiveLimits stream) {}

  /// What holds whatever a session speaks.
  @JsonNaming(SnakeCaseStrategy.class)
  private record NodeLimits(
      double connectTimeoutSeconds,
      int maxMessageBytesBeforeConnect,
      int maxUnadmittedSockets,
      int maxBodyBytes,
      int maxPatternMatches,
      int recentEventsPerTenant,
      double commandTimeoutSeconds,
      double tickIntervalSeconds,
      double ticketLifetimeSeconds) {
    private static final double MS = 1000;

    static NodeLimits of(FleetConfig.Gateway gateway) {
      return new NodeLimits(
          gateway.connectTimeout().toMillis() / MS,
          gateway.maxFrameBytesBeforeConnect(),
          gateway.maxUnadmitted(),
          gateway.maxBodyBytes(),
          gateway.maxPatternMatches(),
          gateway.ringEvents(),
          gateway.commandTimeout().toMillis() / MS,
          gateway.tickInterval().toMillis() / MS,
          gateway.ticketLifetime().toMillis() / MS);
    }
  }

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

  /// @param streams limits of event streams
  ContractRoutes(Edge edge, List<Dialect> dialects, DialectLimits streams) {
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
    limits =
        new Limits(NodeLimits.of(edge.config()), all, EffectiveLimits.of(streams, edge.config()));
    limitsOfDashboard =
        new LimitsOfOne(
            Contract.DASHBOARD.currentVersion(),
            Objects.requireNonNull(all.get(Encoding.DASHBOARD.wireName())));
  }

  void mount(Router router) {
    DocsRoutes.mount(router);
    Buffer openApi = Buffer.buffer(OpenApi.bytes());
    for (String prefix : RestRoutes.PREFIXES) {
      router
          .get(prefix + "/openapi.json")
          .handler(
              context ->
                  context
                      .response()
                      .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                      .end(openApi.copy()));
      router.get(prefix + "/contract").handler(context -> JsonAnswer.send(context, 200, contracts));
      router.get(prefix + "/limits").handler(context -> JsonAnswer.send(context, 200, limits));
      router
          .get(prefix + "/dashboard/websocket/contract")
          .handler(context -> JsonAnswer.send(context, 200, ofDashboard));
      router
          .get(prefix + "/dashboard/websocket/limits")
          .handler(context -> JsonAnswer.send(context, 200, limitsOfDashboard));
      for (Contract contract : Contract.values()) {
        contract
            .files()
            .forEach(file -> mount(router, prefix + "/contract/" + file, contract.content(file)));
      }
    }
  }

  private static void mount(Router router, String path, byte[] content) {
    Buffer body = Buffer.buffer(content);
    String type = path.endsWith(".json") ? "application/schema+json" : "text/plain; charset=utf-8";
    router
        .get(path)
        .handler(
            context ->
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(body.copy()));
  }
}
