package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class DrainIT {

  @Test
  void everySessionGetsAHintAndIsClosedForARestart() {
    try (Gateways gateways =
        Gateways.start(
            Map.of("FLOTILLA_NODE_DRAIN_TIMEOUT", "90s", "FLOTILLA_GATEWAY_MOVE_PAUSE", "100ms"))) {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        clients.add(gateways.connected(ACME));
      }
      Client unconnected = gateways.open();
      long start = System.nanoTime();
      gateways.stop(gateways.first());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Patience.LIMIT);
      List<Long> hints = new ArrayList<>();
      for (Client client : clients) {
        JsonObject drain = client.awaitEvent("drain").getJsonObject("payload");
        assertThat(drain.getString("reason")).isEqualTo("restart");
        hints.add(drain.getLong("retryAfterMs"));
        assertThat(client.closeCode()).isEqualTo(1012);
        assertThat(client.closeText()).isEqualTo("retryAfterMs=" + hints.getLast());
      }
      assertThat(unconnected.closeCode()).isEqualTo(1012);
      assertThat(hints.stream().distinct().count()).isGreaterThan(10);
    }
  }

  @Test
  void whatWasAcceptedIsAnsweredFirstAndNewWorkIsRefused() {
    try (Gateways gateways = Gateways.start()) {
      List<Promise<RawJson>> held = gateways.commands().hold();
      Client client = gateways.connected(ACME);
      String accepted = client.request("task.create", new JsonObject(), "k");
      Awaitility.await().until(() -> held.size() == 1);
      int port = gateways.port();
      Gateways.Running node = gateways.first();
      Future<Void> stopped = gateways.vertx().undeploy(node.deployment());
      client.awaitEvent("drain");
      assertThat(node.readiness().draining()).isTrue();
      JsonObject refused = client.call("task.list", new JsonObject());
      assertThat(refused.getJsonObject("error").getString("reason")).isEqualTo("DRAINING");
      try (RawSocket late = new RawSocket(port)) {
        late.write(RawSocket.upgrade("/events"));
        assertThat(late.readHead()).startsWith("HTTP/1.1 503").containsIgnoringCase("Retry-After");
      }
      assertThat(client.isOpen()).isTrue();
      held.getFirst().complete(new RawJson("{\"done\":true}"));
      assertThat(client.next().getString("id")).isEqualTo(accepted);
      assertThat(client.closeCode()).isEqualTo(1012);
      stopped.await();
    }
  }

  @Test
  void everybodyIsToldToGoWhereTheFewestAre() {
    try (Gateways gateways = Gateways.start()) {
      Gateways.Running second = gateways.another("node-2");
      Gateways.Running third = gateways.another("node-3");
      Gateways.Running fourth = gateways.another("node-4");
      fourth.readiness().drain("about to stop, too");
      List<Client> there = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        there.add(gateways.connected(ACME, second.port()));
      }
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        clients.add(gateways.connected(ACME));
      }
      gateways.stop(gateways.first());
      assertThat(
              clients.stream()
                  .map(client -> client.awaitEvent("drain").getJsonObject("payload"))
                  .collect(
                      Collectors.groupingBy(
                          drain -> drain.getString("node"), Collectors.counting())))
          .isEqualTo(Map.of("http://node-2:80", 3L, "http://node-3:80", 6L));
      assertThat(there).allMatch(Client::isOpen);
      assertThat(third.readiness().draining()).isFalse();
    }
  }

  @Test
  void healthSaysNoBeforeAnybodyIsSentAwayOrTurnedAway() {
    try (Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_DRAIN_LEAD", "6s"))) {
      Client before = gateways.connected(ACME);
      Gateways.Running node = gateways.first();
      Future<Void> stopped = gateways.vertx().undeploy(node.deployment());
      Awaitility.await().until(() -> node.readiness().draining());
      try (RawSocket health = new RawSocket(node.port())) {
        health.write(
            "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(health.readHead()).startsWith("HTTP/1.1 503");
      }
      Client late = gateways.connected(ACME, node.port());
      assertThat(late.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
      String answered = before.request("task.create", new JsonObject(), "still-taken");
      JsonObject answer = before.next();
      assertThat(answer.getString("id")).as(answer.encode()).isEqualTo(answered);
      late.awaitEvent("drain");
      assertThat(before.closeCode()).isEqualTo(1012);
      stopped.await();
    }
  }

  @Test
  void httpRequestsInFlightAreAnsweredAndNewChangesAreRefused() {
    try (Gateways gateways = Gateways.start()) {
      List<Promise<RawJson>> held = gateways.commands().hold();
      Client client = gateways.connected(ACME);
      client.request("task.list", new JsonObject(), null);
      Awaitility.await().until(() -> held.size() == 1);
      try (RawSocket rest = new RawSocket(gateways.port());
          RawSocket late = new RawSocket(gateways.port());
          RawSocket idle = new RawSocket(gateways.port())) {
        idle.write(
            "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(idle.readHead()).startsWith("HTTP/1.1 200");
        byte[] post = post(gateways.token(ACME));
        rest.write(post);
        Awaitility.await().until(() -> held.size() == 2);
        Gateways.Running node = gateways.first();
        Future<Void> stopped = gateways.vertx().undeploy(node.deployment());
        client.awaitEvent("drain");
        late.write(post);
        assertThat(late.readHead())
            .startsWith("HTTP/1.1 503")
            .containsIgnoringCase("Connection: close");
        held.getFirst().complete(new RawJson("{}"));
        assertThat(client.closeCode()).isEqualTo(1012);
        Awaitility.await()
            .pollDelay(Duration.ofMillis(1_500))
            .until(() -> !stopped.isComplete() && held.size() == 2);
        held.get(1).complete(new RawJson("{}"));
        assertThat(rest.readHead()).startsWith("HTTP/1.1 201");
        long answered = System.nanoTime();
        stopped.await();
        assertThat(Duration.ofNanos(System.nanoTime() - answered)).isLessThan(Patience.LIMIT);
      }
    }
  }

  private static byte[] post(String token) {
    return ("POST /api/tasks HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Length: 2\r\n\r\n{}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aRequestThatNeverEndsDoesNotHoldTheDrain() {
    try (Gateways gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_NODE_DRAIN_TIMEOUT", "3s", "FLOTILLA_GATEWAY_COMMAND_TIMEOUT", "2s"))) {
      List<Promise<RawJson>> held = gateways.commands().hold();
      Client client = gateways.connected(ACME);
      client.request("task.create", new JsonObject(), "k");
      Awaitility.await().until(() -> !held.isEmpty());
      long start = System.nanoTime();
      gateways.stop(gateways.first());
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Patience.LIMIT);
      assertThat(client.closeCode()).isEqualTo(1012);
      assertThat(client.closeText()).startsWith("retryAfterMs=");
    }
  }
}
