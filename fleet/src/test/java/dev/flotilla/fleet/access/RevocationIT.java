package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is revoked closes its sockets in every dialect, on a node that was told and on one that was
/// not, and is refused from then on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RevocationIT {
  private static final List<String> DIALECTS =
      List.of("/api/dashboard/ws/dashboard", "/api/chat/ws", "/ws", "/events");

  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  /// What can be taken back, and how.
  enum What {
    USER {
      @Override
      String token(House house, String tenant) {
        return house.login(tenant, "alice").getString("access_token");
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        return admin.post("/api/v1/users/alice/revoke", new JsonObject());
      }
    },
    DISABLED_USER {
      @Override
      String token(House house, String tenant) {
        return house.token(tenant, "alice", Role.OPERATOR);
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        return admin.post("/api/v1/users/alice/disable", new JsonObject());
      }
    },
    USER_OF_A_TOKEN_ONLY {
      @Override
      String token(House house, String tenant) {
        return house.token(tenant, "stranger", Role.OPERATOR);
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        return admin.post("/api/v1/users/stranger/revoke", new JsonObject());
      }
    },
    SESSION {
      @Override
      String token(House house, String tenant) {
        return house.login(tenant, "alice").getString("access_token");
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        String proof = admin.bearer(token).get("/api/auth/me").json().getString("proof");
        return admin.delete("/api/v1/logins/" + proof.replace("session:", ""));
      }
    },
    LOGOUT {
      @Override
      String token(House house, String tenant) {
        return house.login(tenant, "alice").getString("access_token");
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        return admin.bearer(token).post("/api/auth/logout", new JsonObject());
      }
    },
    KEY {
      @Override
      String token(House house, String tenant) {
        return house
            .rest()
            .bearer(house.token(tenant, "root", Role.ADMIN))
            .post(
                "/api/v1/api-keys",
                new JsonObject()
                    .put("name", "bot")
                    .put(
                        "scopes",
                        new JsonArray(
                            List.of("tasks.read", "events.read", "threads.read", "work.read"))))
            .json()
            .getString("key");
      }

      @Override
      Rest.Answer revoke(Rest admin, String token) {
        String proof = admin.bearer(token).get("/api/auth/me").json().getString("proof");
        return admin.delete("/api/v1/api-keys/" + proof.replace("key:", ""));
      }
    };

    abstract String token(House house, String tenant);

    abstract Rest.Answer revoke(Rest admin, String token);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRevokedClosesEverySocketOnEveryNodeAndIsRefused(What what) {
    String tenant = "revoked-" + what.name().toLowerCase(java.util.Locale.ROOT);
    house.user(tenant, "alice", Role.OPERATOR);
    String token = what.token(house, tenant);
    List<Socket> sockets = new ArrayList<>();
    for (int port : List.of(house.port(), house.deafGateway())) {
      for (String path : DIALECTS) {
        sockets.add(admitted(port, path, token));
      }
    }
    Socket other =
        admitted(house.port(), "/events", house.token(tenant, "bystander", Role.OPERATOR));
    Rest admin = house.rest().bearer(house.token(tenant, "root", Role.ADMIN));
    assertThat(what.revoke(admin, token).status()).isEqualTo(200);
    sockets.forEach(socket -> assertThat(socket.awaitClosed()).isEqualTo(4401));
    for (int port : List.of(house.port(), house.deafGateway())) {
      assertThat(new Rest(port).bearer(token).get("/api/v1/tasks").reason())
          .isIn("TOKEN_REVOKED", "TOKEN_INVALID");
    }
    other.send("{\"type\":\"req\",\"id\":\"7\",\"method\":\"ping\"}");
    other.awaitHeard("\"id\":\"7\"");
    assertThat(other.closed()).isZero();
    other.close();
  }

  /// A socket that its dialect has let in: it answers.
  private Socket admitted(int port, String path, String token) {
    Socket socket = Socket.open(house, port, path, token);
    switch (path) {
      case "/events" -> {
        socket.send(
            "{\"type\":\"connect\",\"id\":\"1\",\"minProtocol\":1,\"maxProtocol\":1,"
                + "\"auth\":{\"token\":\""
                + token
                + "\"}}");
        socket.awaitHeard("\"hello\"");
      }
      case "/api/chat/ws" -> {
        socket.send(
            "{\"v\":1,\"type\":\"subscribe_thread\",\"topic\":\"system\",\"req_id\":\"1\",\"ts\":1,"
                + "\"data\":{\"thread_id\":\"t-1\"}}");
        House.await(() -> !socket.heard().isEmpty());
      }
      case "/ws" -> {} // It was admitted before the upgrade.
      default -> socket.awaitHeard("dashboard_initialized");
    }
    assertThat(socket.closed()).as("%s %s", path, socket.heard()).isZero();
    return socket;
  }

  @Test
  void aStreamEndsWithTheSessionThatOpenedIt() throws Exception {
    house.user("streaming", "alice", Role.OPERATOR);
    String token = house.login("streaming", "alice").getString("access_token");
    var request =
        java.net.http.HttpRequest.newBuilder(
                java.net.URI.create(
                    "http://127.0.0.1:" + house.port() + "/api/v1/stream?topics=tasks"))
            .header("Authorization", "Bearer " + token)
            .build();
    try (var client = java.net.http.HttpClient.newHttpClient()) {
      var lines =
          client
              .sendAsync(request, java.net.http.HttpResponse.BodyHandlers.ofLines())
              .get(30, java.util.concurrent.TimeUnit.SECONDS);
      assertThat(lines.statusCode()).isEqualTo(200);
      house.rest().bearer(token).post("/api/auth/logout", new JsonObject());
      assertThat(lines.body().toList()).anyMatch(line -> line.contains("TOKEN_REVOKED"));
    }
  }

  @Test
  void aSuspendedTenantLosesEverySocketOfEveryDialectOnEveryNode() {
    house.user("all-out", "alice", Role.OPERATOR);
    String token = house.token("all-out", "alice", Role.OPERATOR);
    List<Socket> sockets = new ArrayList<>();
    for (int port : List.of(house.port(), house.deafGateway())) {
      for (String path : DIALECTS) {
        sockets.add(admitted(port, path, token));
      }
    }
    Socket other = admitted(house.port(), "/events", house.token("still-in", "bob", Role.VIEWER));
    house
        .rest()
        .bearer(house.token("the-fleet", "root", Role.PLATFORM))
        .post("/api/v1/tenants/all-out/suspend", new JsonObject());
    sockets.forEach(socket -> assertThat(socket.awaitClosed()).isEqualTo(4403));
    other.send("{\"type\":\"req\",\"id\":\"7\",\"method\":\"ping\"}");
    other.awaitHeard("\"id\":\"7\"");
    other.close();
  }

  @Test
  void aUserOfTheSameNameElsewhereNoticesNothing() {
    String here = house.token("same-here", "alice", Role.OPERATOR);
    String there = house.token("same-there", "alice", Role.OPERATOR);
    Socket revoked = admitted(house.port(), "/events", here);
    Socket other = admitted(house.port(), "/events", there);
    house
        .rest()
        .bearer(house.token("same-here", "root", Role.ADMIN))
        .post("/api/v1/users/alice/revoke", new JsonObject());
    assertThat(revoked.awaitClosed()).isEqualTo(4401);
    other.send("{\"type\":\"req\",\"id\":\"7\",\"method\":\"ping\"}");
    other.awaitHeard("\"id\":\"7\"");
    assertThat(house.rest().bearer(there).get("/api/v1/tasks").status()).isEqualTo(200);
    other.close();
  }

  @Test
  void aTokenThatIsIssuedAfterItsUserWasDisabledIsRefusedToo() {
    house.user("for-good", "alice", Role.OPERATOR);
    Rest admin = house.rest().bearer(house.token("for-good", "root", Role.ADMIN));
    String before = house.token("for-good", "alice", Role.OPERATOR);
    admin.post("/api/v1/users/alice/disable", new JsonObject());
    House.await(() -> house.rest().bearer(before).get("/api/v1/tasks").status() == 401);
    Rest later = house.rest().bearer(house.token("for-good", "alice", Role.OPERATOR));
    assertThat(later.get("/api/v1/tasks").reason()).isEqualTo("TOKEN_REVOKED");
    admin.post("/api/v1/users/alice/revoke", new JsonObject());
    assertThat(later.get("/api/v1/tasks").reason()).isEqualTo("TOKEN_REVOKED");
  }

  /// While the log cannot say where it is, a session waits in the doorway.
  @Test
  void whatIsRevokedOnTheWayInIsNotLetIn() {
    String token = house.token("doorway", "alice", Role.OPERATOR);
    var lock = house.stores.postgres().getConnection().await();
    lock.query("set idle_in_transaction_session_timeout = 0").execute().await();
    var held = lock.begin().await();
    lock.query("lock table tenant_log in access exclusive mode").execute().await();
    Socket socket =
        Socket.open(
            house,
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(house.port())
                .setURI("/events"));
    socket.send(
        "{\"type\":\"connect\",\"id\":\"1\",\"minProtocol\":1,\"maxProtocol\":1,"
            + "\"auth\":{\"token\":\""
            + token
            + "\"}}");
    house
        .stores
        .postgres()
        .query(
            """
            with head as (update revocation_head set version = version + 1 returning version)
            insert into revocations (kind, tenant, subject, at, version)
            select 'user', 'doorway', 'alice', now() + interval '1 minute', version from head
            """)
        .execute()
        .await();
    Rest alice = house.rest().bearer(token);
    House.await(() -> alice.get("/api/v1/auth/me").status() == 401);
    held.commit().await();
    lock.query("reset idle_in_transaction_session_timeout").execute().await();
    lock.close();
    assertThat(socket.awaitClosed()).isEqualTo(4401);
    assertThat(alice.get("/api/v1/auth/me").reason()).isEqualTo("TOKEN_REVOKED");
  }

  @Test
  void aSessionIsListedUntilItIsRevoked() {
    house.user("listed", "alice", Role.OPERATOR);
    house.login("listed", "alice");
    Rest admin = house.rest().bearer(house.token("listed", "root", Role.ADMIN));
    JsonObject page = admin.get("/api/v1/logins?user=alice").json();
    assertThat(page.getJsonArray("items")).hasSize(1);
    String id = page.getJsonArray("items").getJsonObject(0).getString("id");
    assertThat(admin.delete("/api/v1/logins/" + id).status()).isEqualTo(200);
    assertThat(admin.get("/api/v1/logins?user=alice").json().getJsonArray("items")).isEmpty();
  }
}
