package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that leaves and comes back at random moments knows in the end what one that has stayed
/// knows, by whatever means it catches up: nothing less, nothing else.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReturnIT {
  private static final int CHANGES = 60;

  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43})
  void whoComesBackKnowsWhatWhoStayedKnows(long seed) {
    Random random = new Random(seed);
    String token = house.token("return-" + seed, "alice", Role.OPERATOR);
    Rest rest = house.rest().bearer(token);
    Tracked things = Tracked.of(rest, "here");
    Tracked.of(
        house.rest().bearer(house.token("return-" + seed, "zoe", Role.OPERATOR)), "elsewhere");
    Visitor stayed = new Visitor(house, token, things.project());
    Visitor guest = new Visitor(house, token, things.project());
    stayed.arrive(null);
    guest.arrive(null);
    for (int i = 0; i < CHANGES; i++) {
      change(rest, random, i);
      if (random.nextInt(4) == 0) {
        guest.leaveOrReturn(random);
      }
    }
    guest.comeBack(random);
    long last = change(rest, new JsonObject().put("title", "the end of it"), "here-item");

    stayed.awaitSeq(last);
    guest.awaitSeq(last);

    assertThat(stayed.seen).hasSizeGreaterThan(CHANGES / 4);
    assertThat(guest.seen).isEqualTo(stayed.seen);
    stayed.leave();
    guest.leave();
  }

  private void change(Rest rest, Random random, int number) {
    String item = random.nextInt(3) == 0 ? "elsewhere-item" : "here-item";
    if (random.nextInt(3) == 0) {
      rest.post(
          "/api/v1/comments",
          new JsonObject().put("workItemId", item).put("content", "comment " + number));
    } else {
      change(rest, new JsonObject().put("title", "title " + number), item);
    }
  }

  /// The place in the log that it got.
  private long change(Rest rest, JsonObject fields, String item) {
    Rest.Answer answer = rest.send("PATCH", "/api/v1/work-items/" + item, fields.encode());
    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    JsonObject page = rest.get("/api/v1/activity?limit=500&work_item_ids=" + item).json();
    return page.getJsonArray("items")
        .getJsonObject(page.getJsonArray("items").size() - 1)
        .getLong("seq");
  }

  /// A client of the work dialect, and what it knows: the events by their place in the log.
  private static final class Visitor {
    private final House house;
    private final String token;
    private final String project;
    final TreeMap<Long, String> seen = new TreeMap<>();
    private Position.@Nullable Builder position;
    private long lastTime;

    /// What happened before its first arrival is no news, also where it reads by time.
    private long beginning;
    private @Nullable WorkLine line;

    Visitor(House house, String token, String project) {
      this.house = house;
      this.token = token;
      this.project = project;
    }

    void arrive(@Nullable Position since) {
      WorkLine opened = WorkLine.open(house, token);
      line = opened;
      WebSocketMessage confirmed = opened.subscribe(project, since);
      if (since == null) {
        position = confirmed.getPosition().toBuilder();
        beginning = position.getSeq();
        lastTime = confirmed.getTimestamp();
      }
    }

    void leaveOrReturn(Random random) {
      if (line == null) {
        comeBack(random);
      } else {
        leave();
      }
    }

    void leave() {
      WorkLine open = line;
      if (open != null) {
        collect(open);
        open.close();
        line = null;
      }
    }

    void comeBack(Random random) {
      Position.Builder known = position;
      if (line != null || known == null) {
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> {}
        case 1 -> read(known.getSeq() + "@" + known.getEpoch());
        default -> read(Long.toString(lastTime));
      }
      arrive(known.build());
    }

    /// By the log: what it has had already it reads again where it asks by time.
    private void read(String since) {
      String next = since;
      boolean more = true;
      while (more) {
        JsonObject page =
            house
                .rest()
                .bearer(token)
                .get(
                    "/api/v1/activity?limit=7&project_ids="
                        + project
                        + "&since="
                        + next.replace("@", "%40"))
                .json();
        for (int i = 0; i < page.getJsonArray("items").size(); i++) {
          JsonObject entry = page.getJsonArray("items").getJsonObject(i);
          note(
              entry.getLong("seq"),
              entry.getString("type").replace('.', '_'),
              entry.getLong("at") / 1000);
        }
        next = page.getString("next");
        more = page.getBoolean("more");
      }
    }

    void awaitSeq(long seq) {
      House.await(
          () -> {
            WorkLine open = line;
            if (open != null) {
              collect(open);
            }
            return seen.containsKey(seq);
          });
    }

    private void collect(WorkLine open) {
      for (WebSocketMessage message : open.heard()) {
        String name = message.getPayloadCase().name().toLowerCase(Locale.ROOT);
        if (message.hasPosition() && message.getMessageId().contains("@")) {
          note(message.getPosition().getSeq(), name, message.getTimestamp());
        }
      }
    }

    private void note(long seq, String what, long seconds) {
      Position.Builder known = position;
      if (seq <= beginning) {
        return;
      }
      seen.put(seq, what);
      if (known != null && seq > known.getSeq()) {
        known.setSeq(seq);
        lastTime = seconds;
      }
    }
  }
}
