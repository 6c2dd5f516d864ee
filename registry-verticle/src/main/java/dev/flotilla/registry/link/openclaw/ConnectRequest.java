package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.registry.link.Endpoint;
import dev.flotilla.wire.Json;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes the parameters of `connect`. Their schema is closed: nothing may be added.
///
/// With a device the instance can tell the fleet from others that know its token. Over its own
/// loopback it does not ask for one; from elsewhere it grants nothing without.
///
/// @param scopes what the fleet asks for, the same each time: asking for more needs a new approval
record ConnectRequest(
    String token,
    @Nullable DeviceIdentity device,
    String node,
    String version,
    List<String> scopes) {
  private static final String CLIENT = "gateway-client";
  private static final String MODE = "backend";
  private static final String ROLE = "operator";
  private static final String PLATFORM = System.getProperty("os.name", "java");

  static ConnectRequest of(Endpoint endpoint, String node, List<String> scopes) {
    String version = String.valueOf(ConnectRequest.class.getPackage().getImplementationVersion());
    return new ConnectRequest(
        endpoint.token().reveal(),
        endpoint.deviceKey() == null ? null : DeviceIdentity.of(endpoint.deviceKey()),
        node,
        version,
        scopes);
  }

  /// @param challenge what the instance has sent first
  JsonNode params(JsonNode challenge) {
    ObjectNode params = Json.MAPPER.createObjectNode();
    params.put("minProtocol", Hello.PROTOCOL).put("maxProtocol", Hello.PROTOCOL);
    params
        .putObject("client")
        .put("id", CLIENT)
        .put("mode", MODE)
        .put("version", version)
        .put("platform", PLATFORM)
        .put("displayName", "flotilla " + node)
        .put("instanceId", node);
    params.put("role", ROLE).set("scopes", Json.tree(scopes));
    params.putArray("caps").add("session-scoped-events");
    params.putObject("auth").put("token", token);
    if (device != null) {
      prove(params.putObject("device"), device, challenge);
    }
    return params;
  }

  /// The signature is over the instance's nonce and its time, so that neither can be used again and
  /// no two clocks have to agree.
  private void prove(ObjectNode proof, DeviceIdentity device, JsonNode challenge) {
    String nonce = challenge.path("nonce").asText("");
    long signedAt = challenge.path("ts").asLong();
    String text =
        String.join(
            "|",
            "v3",
            device.id(),
            CLIENT,
            MODE,
            ROLE,
            String.join(",", scopes),
            Long.toString(signedAt),
            token,
            nonce,
            PLATFORM.strip().toLowerCase(Locale.ROOT),
            "");
    proof
        .put("id", device.id())
        .put("publicKey", device.publicKey())
        .put("signature", device.sign(text))
        .put("signedAt", signedAt)
        .put("nonce", nonce);
  }

  @Override
  public String toString() {
    return "ConnectRequest[" + node + "]";
  }
}
