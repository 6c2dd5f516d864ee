package dev.flotilla.gateway.ingest;

import io.vertx.core.Context;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection that subscribes to all channels, from the dial to its end. Confined to the event
/// loop that made it.
final class Subscription {
  private static final long ANSWER_MS = 3_000;

  /// Who keeps it going.
  interface Owner {
    /// Every channel is subscribed to.
    void subscribed(Subscription subscription);

    void heard(Subscription subscription, Message message);

    /// It is over, told once.
    void lost(Subscription subscription, String why);
  }

  private final Context home;
  private final Redis client;
  private final Owner owner;
  private final Set<String> awaited = new HashSet<>();
  private @Nullable RedisConnection connection;
  private boolean pinging;
  private boolean resting;
  private boolean over;

  /// @param client for this one connection; ends with it
  Subscription(Context home, Redis client, Owner owner) {
    this.home = home;
    this.client = client;
    this.owner = owner;
  }

  void open(Collection<String> channels, Collection<String> patterns) {
    awaited.addAll(channels);
    awaited.addAll(patterns);
    client
        .connect()
        .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
        .onComplete(
            opened -> begin(opened, channels, patterns), failure -> fail(failure.getMessage()));
    home.owner().setTimer(2 * ANSWER_MS, _ -> requireSubscribed());
  }

  private void begin(
      RedisConnection opened, Collection<String> channels, Collection<String> patterns) {
    if (over) {
      return;
    }
    connection = opened;
    opened.handler(this::receive);
    opened.endHandler(_ -> fail("the connection ended"));
    opened.exceptionHandler(failure -> fail(failure.getMessage()));
    subscribe(opened, Command.SUBSCRIBE, channels);
    subscribe(opened, Command.PSUBSCRIBE, patterns);
  }

  private void subscribe(RedisConnection opened, Command command, Collection<String> names) {
    if (!names.isEmpty()) {
      Request request = Request.cmd(command);
      names.forEach(request::arg);
      opened.send(request).onFailure(failure -> fail(failure.getMessage()));
    }
  }

  /// What Redis pushes: confirmations and messages. A refusal comes the same way.
  private void receive(Response push) {
    if (over) {
      return;
    }
    if (push.type() == ResponseType.ERROR) {
      fail(push.toString());
      return;
    }
    switch (push.get(0).toString()) {
      case "subscribe", "psubscribe" -> confirmed(push.get(1).toString());
      case "message" -> {
        String channel = push.get(1).toString();
        owner.heard(this, new Message(channel, channel, push.get(2).toBuffer()));
      }
      case "pmessage" ->
          owner.heard(
              this,
              new Message(push.get(1).toString(), push.get(2).toString(), push.get(3).toBuffer()));
      default -> {} // Nothing else concerns a subscriber.
    }
  }

  private void confirmed(String name) {
    if (awaited.remove(name) && awaited.isEmpty()) {
      owner.subscribed(this);
    }
  }

  private void requireSubscribed() {
    if (!awaited.isEmpty()) {
      fail("no answer to subscribe");
    }
  }

  /// Finds out whether a connection on which nothing is said is still there.
  void check() {
    RedisConnection checked = connection;
    if (checked != null && !pinging && !over) {
      pinging = true;
      checked
          .send(Request.cmd(Command.PING))
          .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
          .onComplete(_ -> pinging = false, failure -> fail(failure.getMessage()));
    }
  }

  /// Reads nothing for a while; what comes meanwhile waits at Redis.
  void rest(long millis) {
    RedisConnection rested = connection;
    if (rested != null && !resting && !over) {
      resting = true;
      rested.pause();
      home.owner().setTimer(millis, _ -> goOn(rested));
    }
  }

  private void goOn(RedisConnection rested) {
    resting = false;
    if (!over) {
      rested.resume();
    }
  }

  private void fail(@Nullable String why) {
    if (!over) {
      close();
      owner.lost(this, String.valueOf(why));
    }
  }

  /// Without a word to the owner.
  void close() {
    over = true;
    client.close();
  }
}
