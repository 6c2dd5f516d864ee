package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static dev.flotilla.gateway.fixture.Gateways.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.gateway.fixture.EventExamples;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.WorkClient;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.work.v1.WorkProto.Ping;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage.PayloadCase;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The work dialect on a live socket.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkSocketIT {
  private final Gateways gateways = Gateways.start();
  private final ItemFact.Created created =
      (ItemFact.Created) EventExamples.of(EventKind.WORK_ITEM_CREATED);

  @AfterAll
  void stop() {
    gateways.close();
  }

  @Test
  void withoutATokenTheUpgradeIsRefused() {
    WebSocketConnectOptions stranger =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(gateways.port()).setURI("/ws");
    assertThatThrownBy(() -> gateways.vertx().createWebSocketClient().connect(stranger).await())
        .hasMessageContaining("401");
  }

  @Test
  void whoIsSubscribedToAProjectGetsItsItemsAndNobodyElseDoes() {
    WorkClient mine = subscribed(ACME);
    WorkClient foreign = subscribed(GLOBEX);
    gateways.log().record(ACME, List.of(new Draft(created, "alice", null))).await();
    WebSocketMessage event = mine.next();
    assertThat(event.getPayloadCase()).isEqualTo(PayloadCase.WORK_ITEM_CREATED);
    assertThat(event.getWorkItemCreated().getWorkItem().getTitle())
        .isEqualTo(created.workItem().title());
    foreign.send(WebSocketMessage.newBuilder().setPing(Ping.newBuilder().setTimestamp(7)));
    assertThat(foreign.next().getPong().getClientTimestamp()).isEqualTo(7);
  }

  private WorkClient subscribed(TenantId tenant) {
    return WorkClient.open(gateways, gateways.token(tenant))
        .subscribe(Subscribe.newBuilder().addProjectIds(created.workItem().projectId().value()));
  }
}
