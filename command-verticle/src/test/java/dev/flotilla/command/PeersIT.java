package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.CHAT_ABORT;
import static dev.flotilla.contract.CommandKind.CRON_RUN;
import static dev.flotilla.contract.CommandKind.INSTANCE_CALL;
import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static dev.flotilla.contract.CommandKind.MODEL_LIST;
import static dev.flotilla.contract.CommandKind.SESSION_HISTORY;
import static dev.flotilla.contract.CommandKind.SESSION_LIST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.contract.PeerResult.ModelCard;
import dev.flotilla.contract.PeerResult.ModelPage;
import dev.flotilla.contract.PeerResult.PeerFailure;
import dev.flotilla.contract.PeerResult.SessionPage;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.PeerAsk;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two instances of a tenant, one of them without an owner that answers, and one that is shared.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PeersIT {
  private static final Principal MALLORY = principal("evil", "mallory", Role.ADMIN);
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);
  private static final Principal VIEWER = principal("acme", "vera", Role.VIEWER);

  private final CommandFleet fleet = CommandFleet.of();
  private final List<PeerAsk> asked = new CopyOnWriteArrayList<>();

  @BeforeAll
  void start() {
    fleet.start("n1");
    register(ALICE, "a-up", false);
    register(ALICE, "a-gone", false);
    register(ROOT, "common", true);
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @BeforeEach
  void answer() {
    asked.clear();
    fleet.registry.reports =
        List.of(report("a-up", ScriptedRegistry.OWNER), report("common", ScriptedRegistry.OWNER));
    fleet.registry.peer =
        ask -> {
          asked.add(ask);
          return Future.succeededFuture(RawJson.of(said(ask)));
        };
  }

  private void register(Principal who, String id, boolean shared) {
    fleet.ask(
        who,
        INSTANCE_REGISTER,
        Map.of("id", id, "url", "ws://127.0.0.1:1", "token", "hush", "shared", shared),
        Ids.next(fleet.clock),
        InstanceView.class);
  }

  private static InstanceReport report(String id, NodeId owner) {
    Instant now = Instant.now();
    return new InstanceReport(
        new InstanceId(id), InstanceState.READY, "", now, owner, null, 0, List.of(), now);
  }

  private static ModelCard model(InstanceId instance) {
    return new ModelCard(instance, "m-1", null, null, true, null, 1000L);
  }

  private static Object said(PeerAsk ask) {
    InstanceId id = ask.instance();
    return switch (ask.kind()) {
      case MODEL_LIST -> new ModelPage(List.of(model(id)), List.of(), false);
      case SESSION_LIST -> new SessionPage(List.of(), List.of(), false);
      case SESSION_HISTORY -> new PeerResult.SessionHistory(id, "k", List.of(), null, false);
      case CHAT_ABORT -> new PeerResult.ChatAborted(id, "k", true, List.of("r"));
      default -> throw Fault.of(Reason.INSTANCE_REFUSED, "The instance says no.").asException();
    };
  }

  private Reason refused(Principal who, CommandKind kind, Map<String, Object> params) {
    String key = kind.changesState() ? Ids.next(fleet.clock) : null;
    return fleet.refused(who, kind, params, key).reason();
  }

  @Test
  void allThatServeTheTenantAreAskedAndWhoDoesNotAnswerIsNamed() {
    ModelPage page = fleet.ask(ALICE, MODEL_LIST, "{}", null, ModelPage.class);
    assertThat(page.items())
        .containsExactlyInAnyOrder(model(new InstanceId("a-up")), model(new InstanceId("common")));
    assertThat(page.partial()).isTrue();
    assertThat(page.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.instance().value()).isEqualTo("a-gone");
              assertThat(failure.reason()).isEqualTo("UNAVAILABLE");
            });
    ModelPage one = fleet.ask(ALICE, MODEL_LIST, Map.of("instance", "a-up"), null, ModelPage.class);
    assertThat(one).isEqualTo(new ModelPage(one.items(), List.of(), false));
    assertThat(one.items()).hasSize(1);
  }

  @Test
  void aTenantSeesNeitherInstancesOfOthersNorConversationsOnSharedOnes() {
    ModelPage theirs = fleet.ask(MALLORY, MODEL_LIST, "{}", null, ModelPage.class);
    assertThat(theirs.items()).containsExactly(model(new InstanceId("common")));
    assertThat(refused(MALLORY, SESSION_LIST, Map.of("instance", "a-up")))
        .isEqualTo(Reason.NOT_FOUND);
    asked.clear();
    SessionPage page = fleet.ask(MALLORY, SESSION_LIST, "{}", null, SessionPage.class);
    assertThat(page.failures())
        .extracting(PeerFailure::reason)
        .containsExactly(Reason.MISSING_SCOPE.name());
    assertThat(asked).isEmpty();
    Map<String, Object> common = Map.of("instance", "common", "key", "k");
    assertThat(refused(ALICE, SESSION_HISTORY, common)).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(refused(ALICE, CHAT_ABORT, common)).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(asked).isEmpty();
    assertThat(fleet.ask(ROOT, SESSION_LIST, "{}", null, SessionPage.class).partial()).isFalse();
  }

  @Test
  void whatChangesSomethingIsDoneOnceForItsKeyAndNeedsItsScope() {
    Map<String, Object> params = Map.of("instance", "a-up", "key", "k");
    for (int i = 0; i < 2; i++) {
      assertThat(
              fleet
                  .ask(ALICE, CHAT_ABORT, params, "the-key", PeerResult.ChatAborted.class)
                  .runIds())
          .containsExactly("r");
    }
    assertThat(asked).hasSize(1);
    assertThat(refused(VIEWER, CHAT_ABORT, params)).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(refused(VIEWER, INSTANCE_CALL, Map.of("instance", "a-up", "method", "status")))
        .isEqualTo(Reason.MISSING_SCOPE);
  }

  @Test
  void whatTheInstanceRefusesIsTheAnswer() {
    assertThat(refused(ALICE, CRON_RUN, Map.of("instance", "a-up", "id", "j")))
        .isEqualTo(Reason.INSTANCE_REFUSED);
    assertThat(refused(ALICE, CRON_RUN, Map.of("instance", "a-gone", "id", "j")))
        .isEqualTo(Reason.UNAVAILABLE);
  }
}
