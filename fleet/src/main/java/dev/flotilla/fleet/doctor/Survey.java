package dev.flotilla.fleet.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.OpsResult.NodeCheckups;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the nodes say when each is asked: those of the configurations, and those that they name.
public record Survey(List<Look> looks) {
  private static final String LIVE = "/health/live";
  private static final String CHECKUP = "/api/v1/registry/nodes/checkup";

  /// One node, asked over HTTP.
  ///
  /// @param name as it should call itself, or its address
  /// @param gateway whether it takes sessions
  /// @param node as it calls itself; null where it does not answer
  /// @param checkups how it and the others are; null where it does not say
  /// @param trouble why something of it is missing
  public record Look(
      String name,
      URI url,
      boolean gateway,
      @Nullable String node,
      @Nullable NodeCheckups checkups,
      @Nullable String trouble) {}

  static Survey of(Patient patient) {
    List<Look> looks = new ArrayList<>();
    for (FleetConfig config : patient.configs()) {
      URI url = url(config);
      String id = config.node().id();
      boolean gateway = config.node().roles().contains(NodeRole.GATEWAY);
      looks.add(look(patient, id == null ? url.toString() : id, url, gateway));
    }
    Survey ofFiles = new Survey(List.copyOf(looks));
    for (NodeState state : ofFiles.states().values()) {
      boolean known = looks.stream().anyMatch(look -> state.id().value().equals(look.node()));
      boolean gateway = state.roles().contains(NodeRole.GATEWAY.wireName());
      if (!known && gateway) {
        looks.add(look(patient, state.id().value(), state.url(), true));
      }
    }
    return new Survey(List.copyOf(looks));
  }

  /// Where the node itself listens, not what stands before it.
  private static URI url(FleetConfig config) {
    FleetConfig.Gateway gateway = config.gateway();
    if (config.http().proxyProtocol() && gateway.publicUrl() != null) {
      return URI.create(gateway.publicUrl());
    }
    String host = gateway.host();
    String there = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "[::1]" : host;
    return URI.create(
        (config.http().tls() ? "https://" : "http://") + there + ":" + gateway.port());
  }

  private static Look look(Patient patient, String name, URI url, boolean gateway) {
    TenantId tenant = new TenantId(patient.config().accounts().defaultTenant());
    String node = null;
    try {
      NodeHttp.Answer live = patient.http().get(url, LIVE, tenant).await();
      JsonNode said = live.as(JsonNode.class).path("node");
      if (live.status() != 200 || !said.isTextual()) {
        return new Look(name, url, gateway, null, null, "what listens there is no node");
      }
      node = said.asText();
      if (!gateway) {
        return new Look(name, url, false, node, null, null);
      }
      NodeHttp.Answer checkup = patient.http().get(url, CHECKUP, tenant).await();
      if (checkup.status() != 200) {
        String why = checkup.as(JsonNode.class).path("detail").asText("status " + checkup.status());
        return new Look(name, url, true, node, null, why);
      }
      return new Look(name, url, true, node, checkup.as(NodeCheckups.class), null);
    } catch (Exception failure) {
      return new Look(name, url, gateway, node, null, StartFailure.reason(failure));
    }
  }

  /// Every node that some node knows, with its own words where one of them got them.
  public Map<NodeId, NodeState> states() {
    Map<NodeId, NodeState> states = new TreeMap<>(java.util.Comparator.comparing(NodeId::value));
    for (Look look : looks) {
      if (look.checkups() != null) {
        look.checkups()
            .items()
            .forEach(
                state -> states.merge(state.id(), state, (a, b) -> a.trouble() == null ? a : b));
      }
    }
    return states;
  }

  /// Those that answered for themselves.
  public List<NodeState> answered() {
    return states().values().stream().filter(state -> state.trouble() == null).toList();
  }
}
