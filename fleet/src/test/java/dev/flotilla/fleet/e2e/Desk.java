package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.fleet.client.ResumingClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the people of one tenant do with a fleet: REST and sockets, on the node they choose.
final class Desk {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

  private final FleetProcess fleet;
  private final String tenant;
  private final WebSocketClient sockets;
  private final String operator;
  private final String admin;
  private final String platform;

  Desk(FleetProcess fleet, Vertx vertx, String tenant) throws IOException, InterruptedException {
    this.fleet = fleet;
    this.tenant = tenant;
    this.sockets = vertx.createWebSocketClient(ControlClient.options());
    this.operator = fleet.token(tenant, "alice", "operator");
    this.admin = fleet.token(tenant, "root", "admin");
    this.platform = fleet.token(tenant, "ops", "platform");
  }

  ControlClient connect(int node, Consumer<JsonObject> events) {
    return ControlClient.connect(sockets, fleet.url(node), operator, events).await();
  }

  /// A client of somebody else of the tenant.
  ControlClient connect(int node, String user, Consumer<JsonObject> events)
      throws IOException, InterruptedException {
    String token = fleet.token(tenant, user, "operator");
    return ControlClient.connect(sockets, fleet.url(node), token, events).await();
  }

  /// A client that comes back, beginning at that node.
  ResumingClient stay(Vertx vertx, int node, Consumer<JsonObject> events, List<String> topics) {
    return ResumingClient.start(
            vertx,
            new ResumingClient.Setup(sockets, fleet.urls(), operator, topics),
            node - 1,
            events)
        .await();
  }

  /// What those do who run the fleet.
  JsonObject platform(int node, String path, @Nullable JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    if (body != null) {
      request
          .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
          .header("Idempotency-Key", key());
    }
    HttpResponse<String> answer = send(node, path, platform, request);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return new JsonObject(answer.body());
  }

  HttpResponse<String> get(int node, String path) throws IOException, InterruptedException {
    return send(node, path, operator, HttpRequest.newBuilder().GET());
  }

  HttpResponse<String> post(int node, String path, String key, JsonObject body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder()
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", key);
    return send(node, path, isForAdmins(path) ? admin : operator, request);
  }

  private static boolean isForAdmins(String path) {
    return path.startsWith("/api/v1/registry") || path.endsWith("/broadcast");
  }

  /// A live dashboard.
  WebSocket dashboard(int node, Consumer<JsonObject> messages) {
    ClientWebSocket socket = sockets.webSocket();
    socket.textMessageHandler(text -> messages.accept(new JsonObject(text)));
    URI url = fleet.url(node);
    return socket
        .connect(
            new WebSocketConnectOptions()
                .setHost(url.getHost())
                .setPort(url.getPort())
                .setURI("/api/dashboard/ws/dashboard")
                .addHeader("Authorization", "Bearer " + operator))
        .await();
  }

  /// Registers an instance and waits until every node says that it is ready.
  void register(String id, URI url, String token) throws IOException, InterruptedException {
    JsonObject instance =
        new JsonObject()
            .put("id", id)
            .put("url", url.toString())
            .put("token", token)
            .put("region", "eu")
            .put("capabilities", new JsonArray().add("general"))
            .put("maxConcurrency", 20);
    assertThat(post(1, "/api/v1/registry/instances", key(), instance).statusCode()).isEqualTo(201);
    for (int node = 1; node <= fleet.urls().size(); node++) {
      awaitState(node, id, "ready");
    }
  }

  void awaitState(int node, String id, String state) {
    await("instance " + id + " " + state + " on node " + node)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(
            () ->
                new JsonObject(get(node, "/api/v1/registry/instances/" + id).body())
                    .getString("state")
                    .equals(state));
  }

  /// Creates a task and answers its id. While a store is away it asks again under the same key, as
  /// clients are told to.
  String create(int node, String prompt) {
    String key = key();
    JsonObject body = new JsonObject().put("prompt", prompt);
    HttpResponse<String> answer =
        await("task created")
            .atMost(LIMIT)
            .until(
                () -> post(node, "/api/v1/tasks", key, body), tried -> tried.statusCode() != 503);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return new JsonObject(answer.body()).getString("id");
  }

  /// Says something in a conversation and answers the task's id.
  String say(int node, String thread, String prompt) throws IOException, InterruptedException {
    JsonObject body = new JsonObject().put("prompt", prompt).put("session", thread);
    return new JsonObject(post(node, "/api/v1/tasks", key(), body).body()).getString("id");
  }

  JsonObject history(int node, String thread) throws IOException, InterruptedException {
    return new JsonObject(get(node, "/api/v1/threads/" + thread + "/history").body());
  }

  /// The number of the node that holds the link to the instance, as another one says.
  int owner(int node, String instance) throws IOException, InterruptedException {
    String owner =
        new JsonObject(get(node, "/api/v1/registry/instances/" + instance).body())
            .getString("owner");
    for (Object item :
        new JsonObject(get(node, "/api/v1/registry/nodes").body()).getJsonArray("items")) {
      JsonObject each = (JsonObject) item;
      if (each.getString("id").equals(owner)) {
        return fleet.urls().indexOf(URI.create(each.getString("url"))) + 1;
      }
    }
    throw new AssertionError("there is no node " + owner);
  }

  JsonObject task(int node, String id) throws IOException, InterruptedException {
    return new JsonObject(get(node, "/api/v1/tasks/" + id).body());
  }

  /// It may have ended since.
  void awaitStarted(int node, String id) {
    await("task " + id + " started")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> List.of("running", "succeeded").contains(task(node, id).getString("state")));
  }

  JsonObject awaitTask(int node, String id, String state) {
    await("task " + id + " " + state)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(() -> task(node, id).getString("state").equals(state));
    try {
      return task(node, id);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  static String key() {
    return UUID.randomUUID().toString();
  }

  private HttpResponse<String> send(
      int node, String path, String token, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return HTTP.send(
        request
            .uri(fleet.url(node).resolve(path))
            .header("Authorization", "Bearer " + token)
            .timeout(Duration.ofSeconds(20))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
