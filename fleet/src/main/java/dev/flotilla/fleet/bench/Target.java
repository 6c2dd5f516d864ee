package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The fleet under measurement, seen as one operator of a tenant that nobody else uses.
public record Target(WebSocketClient sockets, List<URI> nodes, String token) {

  /// A session on the node of that number, counted round.
  public ControlClient connect(int node, Consumer<JsonObject> events) {
    return ControlClient.connect(sockets, nodes.get(node % nodes.size()), token, events).await();
  }

  /// A session whose frames are shown to somebody first, who may take them as they came.
  ControlClient listen(int node, Predicate<String> first) {
    return ControlClient.connect(sockets, nodes.get(node % nodes.size()), token, _ -> {}, first)
        .await();
  }

  /// A task that no instance of the bench tenant can take, so that nothing but the fleet is
  /// measured.
  static JsonObject task(String label) {
    return new JsonObject()
        .put("prompt", "bench")
        .put("priority", "low")
        .put("labels", List.of(label));
  }

  static String key() {
    return UUID.randomUUID().toString();
  }

  /// Takes created tasks out of the queue again.
  static void cancel(ControlClient client, List<String> ids) {
    for (String id : ids) {
      client.request("task.cancel", new JsonObject().put("id", id), key()).await();
    }
  }
}
