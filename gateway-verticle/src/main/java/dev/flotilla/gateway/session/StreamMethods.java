package dev.flotilla.gateway.session;

import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.control.ServerFrame.Placed;
import dev.flotilla.gateway.dialect.control.ServerFrame.Pong;
import dev.flotilla.gateway.dialect.control.SessionParams;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.identity.Principal;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The session's own methods. Each does all of what it was asked, or throws and does nothing.
final class StreamMethods {
  private final Principal principal;
  private final Stream stream;
  private final int maxSubscriptions;

  StreamMethods(Principal principal, Stream stream, int maxSubscriptions) {
    this.principal = principal;
    this.stream = stream;
    this.maxSubscriptions = maxSubscriptions;
  }

  /// The payload of the answer. Call [Stream#proceed] once it has been written.
  Object run(SessionParams params, Instant now) {
    return switch (params) {
      case SessionParams.Subscribe subscribe -> subscribe(subscribe);
      case SessionParams.Unsubscribe(var topics) -> unsubscribe(topics);
      case SessionParams.Resume(Position since) -> resume(since);
      case SessionParams.Ping() -> new Pong(now);
    };
  }

  private Placed subscribe(SessionParams.Subscribe params) {
    Set<Topic> wanted = parse(params.topics());
    wanted.forEach(topic -> principal.require(topic.family().scope()));
    Set<Topic> all = new HashSet<>(stream.topics());
    all.addAll(wanted);
    if (all.size() > maxSubscriptions) {
      throw new Fault(
              Reason.SUBSCRIPTION_LIMIT,
              "A session has at most " + maxSubscriptions + " topics.",
              "topics",
              null)
          .asException();
    }
    stream.head(); // UNAVAILABLE where it is not known: then nothing must change.
    stream.subscribe(wanted);
    Position since = params.since();
    return since == null ? placed() : resume(since);
  }

  private Placed unsubscribe(List<String> topics) {
    Set<Topic> unwanted = parse(topics);
    stream.head();
    stream.unsubscribe(unwanted);
    return placed();
  }

  private Placed resume(Position since) {
    stream.rewind(since);
    return placed();
  }

  private Placed placed() {
    Position head = stream.head();
    return new Placed(
        List.copyOf(stream.topics()), Objects.requireNonNullElse(stream.position(), head), head);
  }

  private static Set<Topic> parse(List<String> names) {
    Set<Topic> topics = new HashSet<>();
    names.forEach(name -> topics.add(Topic.parse(name)));
    return topics;
  }
}
