package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import dev.flotilla.work.v1.WorkProto.FieldChange;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage.PayloadCase;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The integration scenarios of the work protocol, told by commands: what one changes over REST,
/// others hear on their sockets.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrackedWorkIT {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  private String token(String tenant, String user) {
    return house.token(tenant, user, Role.OPERATOR);
  }

  private Rest rest(String tenant) {
    return house.rest().bearer(token(tenant, "alice"));
  }

  private static JsonObject done() {
    return new JsonObject().put("status", "done");
  }

  private static Rest.Answer update(Rest rest, String item, JsonObject fields) {
    Rest.Answer answer = rest.send("PATCH", "/api/v1/work-items/" + item, fields.encode());
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    return answer;
  }

  @Test
  void everySubscriberOfAProjectHearsAChangeOnceWithWhoDidItAndWhatIsDifferent() {
    Rest rest = rest("scene-a");
    Tracked things = Tracked.of(rest, "mine");
    try (WorkLine bob = WorkLine.open(house, token("scene-a", "bob"));
        WorkLine carol = WorkLine.open(house, token("scene-a", "carol"))) {
      bob.subscribe(things.project(), null);
      carol.subscribe(things.project(), null);

      update(rest, things.item(), done());
      // The end of what can come: both hear it after everything before it.
      update(rest, things.item(), new JsonObject().put("title", "the end"));

      for (WorkLine line : List.of(bob, carol)) {
        line.await(
            message -> message.getWorkItemUpdated().getWorkItem().getTitle().equals("the end"));
        List<WebSocketMessage> heard =
            line.heard().stream().filter(WebSocketMessage::hasWorkItemUpdated).toList();
        assertThat(heard).hasSize(2);
        assertThat(heard.getFirst().getWorkItemUpdated().getUserId()).isEqualTo("alice");
        assertThat(heard.getFirst().getWorkItemUpdated().getChangesList())
            .containsExactly(
                FieldChange.newBuilder()
                    .setFieldName("status")
                    .setOldValue("todo")
                    .setNewValue("done")
                    .build());
      }
    }
  }

  @Test
  void whatIsNotSubscribedToIsNotHeard() {
    Rest rest = rest("scene-b");
    Tracked mine = Tracked.of(rest, "mine");
    Tracked other = Tracked.of(house.rest().bearer(token("scene-b", "zoe")), "other");
    try (WorkLine bob = WorkLine.open(house, token("scene-b", "bob"))) {
      bob.subscribe(mine.project(), null);
      update(rest, other.item(), done());
      update(rest, mine.item(), done());
      bob.await(WebSocketMessage::hasWorkItemUpdated);
      assertThat(bob.heard())
          .filteredOn(WebSocketMessage::hasWorkItemUpdated)
          .extracting(message -> message.getWorkItemUpdated().getWorkItem().getId())
          .containsExactly(mine.item());
    }
  }

  @Test
  void anotherTenantsProjectOfTheSameNameIsSilent() {
    Rest victim = rest("scene-c");
    Tracked things = Tracked.of(victim, "same");
    Rest stranger = rest("scene-d");
    Tracked.of(stranger, "same");
    try (WorkLine mallory = WorkLine.open(house, token("scene-d", "mallory"))) {
      mallory.subscribe(things.project(), null);
      update(victim, things.item(), new JsonObject().put("title", "secret"));
      update(stranger, things.item(), new JsonObject().put("title", "own"));
      mallory.await(WebSocketMessage::hasWorkItemUpdated);
      assertThat(mallory.heard()).noneMatch(message -> message.toString().contains("secret"));
    }
  }

  @Test
  void aTokenThatIsNotGoodDoesNotGetIn() {
    Assertions.assertThatThrownBy(() -> WorkLine.open(house, "not.a.token"))
        .isInstanceOfSatisfying(
            UpgradeRejectedException.class,
            refused -> assertThat(refused.getStatus()).isEqualTo(401));
  }

  @Test
  void whoChangesSomethingOnTheSocketHearsTheEventWithTheAnswersCorrelationId() {
    Rest rest = rest("scene-e");
    Tracked things = Tracked.of(rest, "mine");
    try (WorkLine bob = WorkLine.open(house, token("scene-e", "bob"))) {
      bob.subscribe(things.project(), null);
      bob.ask("work_item.update", done().put("id", things.item()), "key-1");
      WebSocketMessage event = bob.await(WebSocketMessage::hasWorkItemUpdated);
      WebSocketMessage answer =
          bob.await(message -> message.getPayloadCase() == PayloadCase.RESPONSE);
      assertThat(event.getCorrelationId()).isEqualTo(answer.getCorrelationId());
      assertThat(event.getWorkItemUpdated().getUserId()).isEqualTo("bob");

      String again = bob.ask("work_item.update", done().put("id", things.item()), "key-1");
      assertThat(new JsonObject(again)).isEqualTo(new JsonObject(answer.getResponse().getResult()));
      assertThat(bob.heard()).filteredOn(WebSocketMessage::hasWorkItemUpdated).hasSize(1);
    }
  }

  @Test
  void whatCannotBeDoneIsRefusedOnTheSocketAndTheSessionGoesOn() {
    try (WorkLine bob = WorkLine.open(house, token("scene-f", "bob"))) {
      assertThat(bob.ask("work_item.fly", new JsonObject(), "k1")).contains("UNKNOWN_METHOD");
      assertThat(bob.ask("work_item.get", new JsonObject().put("id", "x"), "k2"))
          .contains("NOT_FOUND");
      assertThat(bob.ask("work_item.get", new JsonObject(), "k3")).contains("INVALID_FIELD");
      assertThat(bob.ask("user.list", new JsonObject(), "k4")).contains("MISSING_SCOPE");
      assertThat(bob.ask("project.list", new JsonObject(), "k5")).contains("items");
    }
  }
}
