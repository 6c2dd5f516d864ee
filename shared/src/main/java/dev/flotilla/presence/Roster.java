package dev.flotilla.presence;

import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.store.LuaScript;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Who is online, in Redis: each user with the nodes where they have a session, each node with a
/// lease. `roster.lua` describes the keys. Each change is one script, so that of all nodes exactly
/// one sees that a user came first or went last.
public record Roster(Redis redis) {
  /// All keys begin with it. The hash tag keeps them in one slot of a Redis Cluster.
  static final String PREFIX = "flotilla:{presence}";

  private static final LuaScript ARRIVE = LuaScript.of(Roster.class, "roster", "arrive");
  private static final LuaScript LEAVE = LuaScript.of(Roster.class, "roster", "leave");
  private static final LuaScript BEAT = LuaScript.of(Roster.class, "roster", "beat");
  private static final LuaScript RETIRE = LuaScript.of(Roster.class, "roster", "retire");
  private static final LuaScript ONLINE = LuaScript.of(Roster.class, "roster", "online");
  private static final int EXPIRE_BATCH = 500;

  /// Someone on a page of [#online].
  public record Online(UserId user, Instant since) {}

  /// The users have a session on the node. Fails where the roster is another one by now.
  ///
  /// @param epoch of the node's last beat
  /// @return those of them who had none anywhere
  public Future<List<Who>> arrive(NodeId node, String epoch, Collection<Who> users) {
    return change(ARRIVE, node, epoch, users);
  }

  /// The users have no session on the node any more. Fails where the roster is another one by now.
  ///
  /// @param epoch of the node's last beat
  /// @return those of them who have none anywhere now
  public Future<List<Who>> leave(NodeId node, String epoch, Collection<Who> users) {
    return change(LEAVE, node, epoch, users);
  }

  /// Prolongs the node's lease.
  ///
  /// @param mayExpire true where the users of silent nodes are to be taken out
  public Future<Beat> beat(NodeId node, Duration lease, boolean mayExpire) {
    List<String> arguments =
        List.of(
            node.value(),
            Long.toString(lease.toMillis()),
            UUID.randomUUID().toString(),
            Integer.toString(mayExpire ? EXPIRE_BATCH : 0));
    return BEAT.run(redis, List.of(PREFIX), arguments).map(Roster::beat);
  }

  /// The node stops: unless it is back by then, its users are taken out.
  public Future<Void> retire(NodeId node, Duration patience) {
    List<String> arguments = List.of(node.value(), Long.toString(patience.toMillis()));
    return RETIRE.run(redis, List.of(PREFIX), arguments).mapEmpty();
  }

  /// Everybody who has a session on the node, as the roster says.
  public Future<Set<Who>> of(NodeId node) {
    return redis
        .send(Request.cmd(Command.SMEMBERS).arg(PREFIX + ":of:" + node.value()))
        .map(found -> new HashSet<>(users(found)));
  }

  /// Users of the tenant who are online, by name.
  ///
  /// @param after the last one of the page before, null for the first page
  public Future<List<Online>> online(TenantId tenant, @Nullable UserId after, int limit) {
    List<String> arguments =
        List.of(tenant.value(), after == null ? "-" : "(" + after.value(), Integer.toString(limit));
    return ONLINE.run(redis, List.of(PREFIX), arguments).map(Roster::online);
  }

  private Future<List<Who>> change(
      LuaScript script, NodeId node, String epoch, Collection<Who> users) {
    if (users.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    List<String> arguments = new ArrayList<>(users.size() + 2);
    arguments.add(node.value());
    arguments.add(epoch);
    users.forEach(user -> arguments.add(user.key()));
    return script.run(redis, List.of(PREFIX), arguments).map(Roster::users);
  }

  private static Beat beat(@Nullable Response answer) {
    if (answer == null) {
      throw new IllegalStateException("The beat has an answer");
    }
    return new Beat(
        answer.get(0).toString(),
        answer.get(1).toInteger() == 1,
        users(answer.get(3)),
        answer.get(2).toInteger() == 1);
  }

  /// Names and times take turns.
  private static List<Online> online(@Nullable Response found) {
    List<String> texts = texts(found);
    List<Online> online = new ArrayList<>();
    for (int i = 0; i < texts.size(); i += 2) {
      Instant since = Instant.ofEpochMilli(Long.parseLong(texts.get(i + 1)));
      online.add(new Online(new UserId(texts.get(i)), since));
    }
    return online;
  }

  private static List<Who> users(@Nullable Response found) {
    return texts(found).stream().map(Who::of).toList();
  }

  private static List<String> texts(@Nullable Response found) {
    List<String> texts = new ArrayList<>();
    if (found != null) {
      found.forEach(each -> texts.add(each.toString()));
    }
    return texts;
  }
}
