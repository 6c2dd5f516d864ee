package dev.flotilla.gateway.session;

import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.contract.TopicPattern;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.identity.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a session is subscribed to. Each method does all of what it was asked, or throws and does
/// nothing. Whoever has moved the stream calls [#proceed] once the answer has been written.
public final class Subscriptions {
  private final Stream stream;
  private final int limit;
  private final Tally tally;
  private Set<TopicFamily> counted = Set.of();
  private Principal principal;

  /// @param limit of topics and patterns
  Subscriptions(Stream stream, Principal principal, int limit, Tally tally) {
    this.stream = stream;
    this.principal = principal;
    this.limit = limit;
    this.tally = tally;
  }

  /// Topics and patterns, by name, sorted.
  public List<String> names() {
    Set<String> names = new TreeSet<>();
    stream.topics().forEach(topic -> names.add(topic.name()));
    stream.patterns().forEach(pattern -> names.add(pattern.name()));
    return List.copyOf(names);
  }

  /// The topics, sorted.
  public List<Topic> topics() {
    return List.copyOf(stream.topics());
  }

  /// @param names topics and patterns, as the client named them
  /// @param since where the stream is to start again, null to go on where it is
  public void add(Collection<String> names, @Nullable Position since) {
    stream.head(); // UNAVAILABLE where it is not known: then nothing must change.
    want(names);
    if (since != null) {
      stream.rewind(since);
    }
  }

  /// The same, also while the log has not been read yet: then the stream begins when it has.
  public void want(Collection<String> names) {
    Wanted wanted = Wanted.parse(names);
    wanted.families().forEach(family -> principal.require(family.scope()));
    Set<Object> all = new HashSet<>(stream.topics());
    all.addAll(stream.patterns());
    all.addAll(wanted.topics());
    all.addAll(wanted.patterns());
    if (all.size() > limit) {
      throw new Fault(
              Reason.SUBSCRIPTION_LIMIT,
              "A session has at most " + limit + " topics.",
              "topics",
              null)
          .asException();
    }
    stream.subscribe(wanted.topics());
    if (!wanted.patterns().isEmpty()) {
      stream.subscribePatterns(wanted.patterns());
    }
    changed();
  }

  public void remove(Collection<String> names) {
    Wanted unwanted = Wanted.parse(names);
    stream.head();
    stream.unsubscribe(unwanted.topics());
    if (!unwanted.patterns().isEmpty()) {
      stream.unsubscribePatterns(unwanted.patterns());
    }
    changed();
  }

  public void resume(Position since) {
    stream.rewind(since);
  }

  public void proceed() {
    stream.proceed();
  }

  /// Runs the action, in a turn of its own, as soon as nothing of the log is still to be caught up
  /// with: ephemeral events come from then on.
  public void whenLive(Runnable action) {
    stream.whenLive(action);
  }

  /// Everything of the topics up to here has been sent; null while the log has not been read yet.
  public @Nullable Position position() {
    return stream.position();
  }

  /// The end of the tenant's log, or UNAVAILABLE while that is not known.
  public Position head() {
    return stream.head();
  }

  /// Drops what the principal may not have any more, and says what that was.
  List<String> reauthorise(Principal renewed) {
    principal = renewed;
    List<Topic> topics =
        stream.topics().stream().filter(topic -> !renewed.may(topic.family().scope())).toList();
    List<TopicPattern> patterns =
        stream.patterns().stream()
            .filter(pattern -> !renewed.may(pattern.family().scope()))
            .toList();
    stream.unsubscribe(topics);
    stream.unsubscribePatterns(patterns);
    changed();
    List<String> dropped = new ArrayList<>();
    topics.forEach(topic -> dropped.add(topic.name()));
    patterns.forEach(pattern -> dropped.add(pattern.name()));
    return dropped;
  }

  /// Counts the session anew for what it has.
  void changed() {
    Set<TopicFamily> families = EnumSet.noneOf(TopicFamily.class);
    stream.topics().forEach(topic -> families.add(topic.family()));
    stream.patterns().forEach(pattern -> families.add(pattern.family()));
    tally.subscribed(families, counted);
    counted = families;
  }

  /// The session is over.
  void end() {
    tally.subscribed(Set.of(), counted);
    counted = Set.of();
  }

  private record Wanted(Set<Topic> topics, Set<TopicPattern> patterns) {
    static Wanted parse(Collection<String> names) {
      Wanted wanted = new Wanted(new HashSet<>(), new HashSet<>());
      for (String name : names) {
        if (TopicPattern.looksLikeOne(name)) {
          wanted.patterns.add(TopicPattern.parse(name));
        } else {
          wanted.topics.add(Topic.parse(name));
        }
      }
      return wanted;
    }

    Set<TopicFamily> families() {
      Set<TopicFamily> families = new HashSet<>();
      topics.forEach(topic -> families.add(topic.family()));
      patterns.forEach(pattern -> families.add(pattern.family()));
      return families;
    }
  }
}
