package dev.flotilla.command.work.attend;

import dev.flotilla.contract.WorkResult.Attendant;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.store.LuaScript;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is at which work item, in Redis, each until a deadline. `stays.lua` describes the keys. Each
/// change is one script, so that of all nodes exactly one sees what is different.
record Stays(Redis redis) {
  /// The hash tag keeps all keys in one slot of a Redis Cluster.
  private static final String PREFIX = "flotilla:{attend}";

  private static final LuaScript SAY = LuaScript.of(Stays.class, "stays", "say");
  private static final LuaScript END = LuaScript.of(Stays.class, "stays", "end");
  private static final int BATCH = 200;

  /// @param before null where the user was not there
  record Said(@Nullable Stay before, List<Attendant> people) {}

  /// One whose time is up.
  record Gone(TenantId tenant, ItemId item, UserId user, Stay last) {}

  Future<Said> say(TenantId tenant, ItemId item, UserId user, Stay stay, Duration lease) {
    List<String> arguments =
        List.of(
            tenant.value() + "|" + item.value(),
            user.value(),
            stay.over() ? "" : Json.text(stay),
            Long.toString(lease.toMillis()));
    return SAY.run(redis, List.of(PREFIX), arguments).map(Stays::said);
  }

  /// Takes out those whose time is up.
  Future<List<Gone>> end() {
    return END.run(redis, List.of(PREFIX), List.of(Integer.toString(BATCH))).map(Stays::gone);
  }

  private static Said said(@Nullable Response answer) {
    List<String> texts = texts(answer);
    List<Attendant> people = new ArrayList<>();
    for (int i = 1; i + 1 < texts.size(); i += 2) {
      Stay stay = Json.read(texts.get(i + 1), Stay.class);
      people.add(
          new Attendant(new UserId(texts.get(i)), stay.viewing(), stay.editing(), stay.typing()));
    }
    people.sort(Comparator.comparing(each -> each.userId().value()));
    String before = texts.getFirst();
    return new Said(before.isEmpty() ? null : Json.read(before, Stay.class), people);
  }

  private static List<Gone> gone(@Nullable Response answer) {
    List<String> texts = texts(answer);
    List<Gone> gone = new ArrayList<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      String[] names = texts.get(i).split("\\|", 3);
      gone.add(
          new Gone(
              new TenantId(names[0]),
              new ItemId(names[1]),
              new UserId(names[2]),
              Json.read(texts.get(i + 1), Stay.class)));
    }
    return gone;
  }

  private static List<String> texts(@Nullable Response answer) {
    List<String> texts = new ArrayList<>();
    if (answer != null) {
      answer.forEach(each -> texts.add(each.toString()));
    }
    return texts;
  }
}
