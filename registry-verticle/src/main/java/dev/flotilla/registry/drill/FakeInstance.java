package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An instance in this process that speaks OpenClaw's protocol 4 and does what a test tells it: the
/// prompt is the script of a run (see [FakeRun]), and faults are a method call away. It passes the
/// same contract suite as a real gateway.
public final class FakeInstance implements AutoCloseable {
  private static final int LISTEN_TRIES = 100;
  private static final long RESTART_MS = 50;
  private static final long LISTEN_PAUSE_MS = 100;
  private static final Set<String> CONNECT_FIELDS =
      Set.of("minProtocol", "maxProtocol", "client", "role", "scopes", "caps", "auth", "device");

  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setEventLoopPoolSize(1)
              .setBlockedThreadCheckInterval(FakeProcess.NEVER_MS));
  private final Context loop = vertx.getOrCreateContext();
  private final FakeProcess process = new FakeProcess(loop);
  private final int port;
  private volatile String token;
  final FakeMind mind = new FakeMind(vertx);
  private @Nullable HttpServer server;
  private volatile String bootId = "";
  final FakeDoor door = new FakeDoor();
  private volatile @Nullable List<String> scopes;
  private volatile int protocol = 4;
  private volatile long maxPayload = 26_214_400;
  private volatile List<String> methods = FakeMind.METHODS;
  private volatile long tickMs = 30_000;
  private volatile boolean starting;

  private FakeInstance(String token, int port) {
    this.token = token;
    this.port = port;
    mind.restart = () -> vertx.setTimer(RESTART_MS, _ -> restart());
  }

  /// A running instance that lets in who knows the token.
  public static FakeInstance start(String token) {
    return start(token, freePort());
  }

  public static FakeInstance start(String token, int port) {
    FakeInstance instance = new FakeInstance(token, port);
    instance.boot();
    return instance;
  }

  public URI url() {
    return URI.create("ws://127.0.0.1:" + port);
  }

  public int port() {
    return port;
  }

  public String token() {
    return token;
  }

  /// From the next connection on, this is the token that lets in.
  public void token(String changed) {
    token = changed;
  }

  /// How often a run with exactly this prompt was begun because somebody asked for it.
  public int executions(String prompt) {
    return onLoop(() -> mind.executions.getOrDefault(prompt, 0));
  }

  /// How often the instance went on by itself with a run of this prompt after a crash.
  public int resumptions(String prompt) {
    return onLoop(() -> mind.resumptions.getOrDefault(prompt, 0));
  }

  /// True once the instance has taken the run in, begun or not.
  public boolean accepted(String runId) {
    return onLoop(
        () ->
            mind.sessions.values().stream().anyMatch(session -> session.tasks.containsKey(runId)));
  }

  /// While true, a request for a run waits unanswered and a repeated one is refused.
  public void choke(boolean choked) {
    onLoop(
        () -> {
          mind.choked = true;
          if (!choked) {
            mind.release();
          }
          return true;
        });
  }

  /// How many requests for runs wait because of [#choke].
  public int stuck() {
    return onLoop(() -> mind.stuck.size());
  }

  /// How often somebody has read a session's records.
  public int readings() {
    return onLoop(() -> mind.readings);
  }

  /// Makes the ledger list a run as live that no session has.
  public void list(String sessionKey, String runId) {
    onLoop(
        () -> {
          mind.session(sessionKey).tasks.put(runId, "running");
          return true;
        });
  }

  /// Writes a prompt into a session without anybody working on it.
  public void strand(String sessionKey, String runId) {
    onLoop(
        () -> {
          mind.session(sessionKey).user(runId, "stranded", false);
          return true;
        });
  }

  /// What the ledger says of a run, or "".
  public String listed(String sessionKey, String runId) {
    return onLoop(() -> mind.session(sessionKey).tasks.getOrDefault(runId, ""));
  }

  /// Connections that have been let in and are still there.
  public int connections() {
    return onLoop(() -> mind.sockets.size());
  }

  /// Dies without a word, like a process under kill -9.
  public void kill() {
    HttpServer dying = server;
    if (dying != null) {
      server = null;
      onLoop(
          () -> {
            mind.crash();
            mind.sockets.clear();
            return true;
          });
      dying.close().await();
    }
  }

  /// Ends in order and is there again at once: another boot id, interrupted runs resumed.
  private void restart() {
    mind.crash();
    List.copyOf(mind.sockets).forEach(socket -> socket.close(1012, "service restart"));
    bootId = UUID.randomUUID().toString();
    mind.resume();
  }

  /// Starts after [#kill]: another boot id, no keys, interrupted runs resumed under other ids.
  public void boot() {
    server = listenInTheEnd();
    onLoop(
        () -> {
          bootId = UUID.randomUUID().toString();
          mind.resume();
          return true;
        });
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException none) {
      throw new UncheckedIOException(none);
    }
  }

  /// Between a death and the next start, somebody else on the machine may hold the port.
  private HttpServer listenInTheEnd() {
    for (int tries = 1; ; tries++) {
      try {
        return listen();
      } catch (Exception taken) {
        // Waiting throws what the bind has failed with, checked or not.
        if (tries == LISTEN_TRIES) {
          throw taken;
        }
        vertx.timer(LISTEN_PAUSE_MS).await();
      }
    }
  }

  private HttpServer listen() {
    return vertx
        .createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(26_214_400))
        .webSocketHandler(socket -> new FakeSocket(socket, this))
        .requestHandler(request -> request.response().end("{\"ready\":true}"))
        .listen(port, "127.0.0.1")
        .await();
  }

  /// Sends this text as it is to everybody who is connected.
  public void send(String text) {
    onLoop(
        () -> {
          mind.sockets.forEach(socket -> socket.raw(text));
          return true;
        });
  }

  /// Closes every connection with this code.
  public void closeAll(int code, String reason) {
    onLoop(
        () -> {
          List.copyOf(mind.sockets).forEach(socket -> socket.close(code, reason));
          return true;
        });
  }

  /// From the next connection on, these scopes are granted, whatever is asked for.
  public void grant(List<String> granted) {
    scopes = List.copyOf(granted);
  }

  /// From the next connection on, a tick is promised this often. None is ever sent.
  public void promiseTicks(long intervalMs) {
    tickMs = intervalMs;
  }

  /// While true, connecting is refused the way a gateway does that is still starting.
  public void starting(boolean stillStarting) {
    starting = stillStarting;
  }

  /// What can be done to it from outside without a word to it.
  public FakeProcess process() {
    return process;
  }

  /// The instance's door for those who do not come over loopback.
  public FakeDoor door() {
    return door;
  }

  /// From the next connection on, it speaks this protocol.
  public void protocol(int spoken) {
    protocol = spoken;
  }

  /// From the next connection on, it offers these methods.
  public void offer(List<String> offered) {
    methods = List.copyOf(offered);
    mind.desk.offered = methods;
  }

  /// From the next connection on, it says that it takes no larger frame.
  public void limit(long bytes) {
    maxPayload = bytes;
  }

  /// Makes something wait for an approval.
  public void askApproval(String id, String command) {
    onLoop(() -> mind.desk.approvals.put(id, command));
  }

  /// Loses some events on the way to everybody who is connected.
  public void lose(int events) {
    onLoop(
        () -> {
          mind.sockets.forEach(socket -> socket.skip(events));
          mind.sockets.forEach(socket -> socket.event("tick", Json.MAPPER.createObjectNode()));
          return true;
        });
  }

  JsonNode welcome(String method, JsonNode params, String nonce) {
    if (!method.equals("connect")) {
      throw new FakeRefusal("INVALID_REQUEST", "invalid handshake: first request must be connect");
    }
    if (starting) {
      throw new FakeRefusal("UNAVAILABLE", "gateway starting");
    }
    params
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!CONNECT_FIELDS.contains(name)) {
                throw new FakeRefusal("INVALID_REQUEST", "unexpected property " + name);
              }
            });
    boolean known =
        params.path("client").path("id").asText().equals("gateway-client")
            && params.path("client").path("mode").asText().equals("backend");
    if (!known) {
      throw new FakeRefusal("INVALID_REQUEST", "invalid connect params");
    }
    if (params.path("maxProtocol").asInt() < protocol
        || params.path("minProtocol").asInt() > protocol) {
      throw new FakeRefusal("INVALID_REQUEST", "protocol mismatch")
          .detail("code", "PROTOCOL_MISMATCH");
    }
    door.requireNoLockout();
    if (!params.path("auth").path("token").asText().equals(token)) {
      throw new FakeRefusal("INVALID_REQUEST", "unauthorized: gateway token mismatch")
          .detail("code", "AUTH_TOKEN_MISMATCH");
    }
    List<String> asked = new ArrayList<>();
    params.path("scopes").forEach(scope -> asked.add(scope.asText()));
    List<String> granted = door.grant(params, asked, nonce);
    List<String> fixed = scopes;
    return hello(fixed == null ? granted : fixed);
  }

  private ObjectNode hello(List<String> granted) {
    ObjectNode hello = Json.MAPPER.createObjectNode();
    hello.put("type", "hello-ok").put("protocol", protocol).put("somethingNew", true);
    hello.putObject("server").put("version", "fake").put("bootId", bootId);
    hello.putObject("snapshot").putObject("suspension").put("phase", "accepting");
    hello.putObject("auth").put("role", "operator").set("scopes", Json.tree(granted));
    hello.putObject("policy").put("tickIntervalMs", tickMs).put("maxPayload", maxPayload);
    hello.putObject("features").set("methods", Json.tree(methods));
    return hello;
  }

  private <T> T onLoop(Callable<T> action) {
    CompletableFuture<T> done = new CompletableFuture<>();
    loop.runOnContext(
        _ -> {
          try {
            done.complete(action.call());
          } catch (Exception failure) {
            done.completeExceptionally(failure);
          }
        });
    return done.join();
  }

  @Override
  public void close() {
    process.resume();
    vertx.close().await();
  }
}
