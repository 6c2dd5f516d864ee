package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsOrder.Move;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.bus.Addresses;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.identity.NodeId;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RebalanceIT {
  private static final Duration LIMIT = Patience.LIMIT;
  private static final int SESSIONS = 30;

  private final Gateways gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_MOVE_PAUSE", "50ms"));
  private final NodeId first = gateways.first().id();
  private final NodeId second = gateways.another("node-2").id();
  private final NodeId third = gateways.another("node-3").id();
  private final List<Client> clients = new ArrayList<>();

  @BeforeEach
  void crowd() {
    for (int i = 0; i < SESSIONS; i++) {
      clients.add(gateways.connected(ACME));
    }
  }

  @AfterEach
  void stop() {
    gateways.close();
  }

  private SessionsReport ask(NodeId node, Move... moves) {
    return gateways
        .bus()
        .ask(Addresses.sessions(node), new SessionsOrder(List.of(moves)), LIMIT)
        .await();
  }

  @Test
  void asManySessionsAsOrderedGoWhereTheyAreSentAndTheOthersStay() {
    Client unconnected = gateways.open();
    assertThat(ask(first)).isEqualTo(new SessionsReport(first, SESSIONS, 0, false));
    assertThat(ask(first, new Move(second, 7), new Move(third, 10)))
        .isEqualTo(new SessionsReport(first, SESSIONS, 17, false));
    await().until(() -> ask(first).leaving() == 0);
    await().until(() -> ask(first).sessions() == SESSIONS - 17);
    await().until(() -> gone().size() == 17);
    List<Client> gone = gone();
    assertThat(gone).allMatch(client -> client.closeCode() == 1012);
    List<JsonObject> hints =
        gone.stream().map(client -> client.awaitEvent("drain").getJsonObject("payload")).toList();
    assertThat(hints).allMatch(hint -> hint.getString("reason").equals("rebalance"));
    assertThat(
            hints.stream()
                .collect(
                    Collectors.groupingBy(hint -> hint.getString("node"), Collectors.counting())))
        .isEqualTo(Map.of("http://node-2:80", 7L, "http://node-3:80", 10L));
    assertThat(clients)
        .filteredOn(Client::isOpen)
        .allMatch(client -> client.call("ping", new JsonObject()).getBoolean("ok"));
    assertThat(unconnected.isOpen()).isTrue();
  }

  private List<Client> gone() {
    return clients.stream().filter(client -> !client.isOpen()).toList();
  }

  @Test
  void aSessionIsMovedOnceItsRequestsAreAnsweredAndNoSecondOrderIsTakenBefore() {
    List<Promise<RawJson>> held = gateways.commands().hold();
    clients.forEach(client -> client.request("task.create", new JsonObject(), "k"));
    await().until(() -> held.size() == SESSIONS);
    ask(first, new Move(second, SESSIONS));
    clients.forEach(client -> client.awaitEvent("drain"));
    assertThat(clients).allMatch(Client::isOpen);
    assertThat(ask(first, new Move(third, 1)).leaving()).isEqualTo(SESSIONS);
    held.forEach(answer -> answer.complete(new RawJson("{}")));
    for (Client client : clients) {
      assertThat(client.next().getBoolean("ok")).isTrue();
      assertThat(client.closeCode()).isEqualTo(1012);
    }
    await().until(() -> ask(first).equals(new SessionsReport(first, 0, 0, false)));
  }

  @Test
  void aNodeThatIsNotThereGetsNobody() {
    assertThat(ask(first, new Move(new NodeId("node-9"), 3)).leaving()).isZero();
    assertThat(clients).allMatch(Client::isOpen);
  }
}
