package dev.flotilla.command.task.queue;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.Priority;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which task is next, in Redis. `common.lua` describes the structures; each method is one script,
/// and a task is in exactly one place before and after it.
///
/// The queue only proposes: PostgreSQL decides who runs a task. When Redis is away, methods throw
/// UNAVAILABLE; when it has lost something, the [Reconciler] puts it back.
public final class TaskQueue {
  /// All keys begin with it. The hash tag keeps them in one slot of a Redis Cluster. The number
  /// rises with the structures: nodes of two versions have a queue each, and PostgreSQL keeps them
  /// apart.
  public static final String PREFIX = "flotilla:{q2}";

  private static final int EXPIRE_BATCH = 500;
  private static final int WAKE_BATCH = 1000;
  private static final int BATCH = 250;
  private static final Duration LONGEST_PARKING = Duration.ofSeconds(5);
  private static final Duration BUILDING = Duration.ofHours(1);

  /// Where a released task goes.
  public enum Next {
    /// It may start again now.
    READY,
    /// It may start again later.
    DELAYED,
    /// Its run may go on: somebody should take it over.
    ORPHAN
  }

  /// Where the line of a task waits that found no place.
  public enum Room {
    /// All places are taken: a slot that becomes free wakes it.
    PARKED,
    /// There is no place at all.
    ABSENT
  }

  /// Whether a task got a slot.
  public enum Slot {
    TAKEN,
    FULL,
    /// Another task has to come first.
    LATER,
    /// The lease in Redis is not the node's any more.
    LOST
  }

  /// @param candidate whose slot was taken; null where none was
  public record Chosen(Slot slot, @Nullable Candidate candidate) {}

  // The other users of Redis do not wait for longer than a few milliseconds.
  static final int PLACED_AT_ONCE = 16;

  private final Scripts scripts;

  public TaskQueue(Redis redis) {
    this.scripts = new Scripts(redis, PREFIX);
  }

  /// Puts in those of the tasks that are not there yet.
  public void add(List<TaskRow> tasks) {
    for (int from = 0; from < tasks.size(); from += BATCH) {
      List<String> arguments = new ArrayList<>();
      for (TaskRow task : tasks.subList(from, Math.min(tasks.size(), from + BATCH))) {
        arguments.addAll(Ticket.of(task).arguments());
        arguments.add(Long.toString(task.dueMs()));
      }
      scripts.run(Script.ADD, arguments);
    }
  }

  /// Leases up to `count` tasks to the node, in the order in which they are to start.
  ///
  /// @return nothing where Redis has lost the queue: it has to be rebuilt
  public Optional<List<TaskId>> take(NodeId node, Duration lease, int count) {
    Response ids =
        scripts.run(Script.TAKE, List.of(node.value(), millis(lease), Integer.toString(count)));
    return ids == null ? Optional.empty() : Optional.of(taskIds(ids));
  }

  /// A leased task, and the instances that could take it, best first.
  public record Asking(TaskId task, List<Candidate> candidates) {}

  /// Takes for each task, one after the other, a slot of the first of its candidates that keeps the
  /// bound of its group's load.
  public List<Chosen> choose(NodeId node, List<Asking> asking) {
    List<Chosen> chosen = new ArrayList<>(asking.size());
    for (int from = 0; from < asking.size(); from += PLACED_AT_ONCE) {
      choose(node, asking.subList(from, Math.min(asking.size(), from + PLACED_AT_ONCE)), chosen);
    }
    return chosen;
  }

  private void choose(NodeId node, List<Asking> asking, List<Chosen> chosen) {
    List<String> arguments = new ArrayList<>();
    arguments.add(node.value());
    for (Asking each : asking) {
      arguments.add(each.task().value());
      arguments.add(Integer.toString(each.candidates().size()));
      for (Candidate candidate : each.candidates()) {
        arguments.add(candidate.instance().value());
        arguments.add(Integer.toString(Math.max(1, candidate.maxConcurrency())));
        arguments.add(Integer.toString(candidate.group()));
        arguments.add(Integer.toString(Math.max(1, candidate.share())));
      }
    }
    Response answers = Objects.requireNonNull(scripts.run(Script.SLOT, arguments));
    for (int i = 0; i < asking.size(); i++) {
      int answer = answers.get(i).toInteger();
      chosen.add(
          answer > 0
              ? new Chosen(Slot.TAKEN, asking.get(i).candidates().get(answer - 1))
              : new Chosen(slot(answer), null));
    }
  }

  /// Takes a slot for a run that is there already, full or not.
  public Slot keepSlot(TaskId task, NodeId node, InstanceId instance) {
    Response answers =
        Objects.requireNonNull(
            scripts.run(
                Script.SLOT,
                List.of(node.value(), task.value(), "1", instance.value(), "0", "0", "1")));
    return slot(answers.get(0).toInteger());
  }

  private static Slot slot(int answer) {
    return switch (answer) {
      case 1 -> Slot.TAKEN;
      case 0 -> Slot.FULL;
      case -2 -> Slot.LATER;
      default -> Slot.LOST;
    };
  }

  /// The task goes back to its old place; its line tries again later, and each time later than the
  /// time before.
  public void park(TaskId task, NodeId node, Room room, Duration delay) {
    scripts.run(
        Script.PARK,
        List.of(
            task.value(),
            node.value(),
            room.name().toLowerCase(Locale.ROOT),
            millis(delay),
            millis(LONGEST_PARKING)));
  }

  /// The task goes back to its old place, as if it had not been taken.
  public void giveBack(TaskId task, NodeId node) {
    park(task, node, Room.PARKED, Duration.ZERO);
  }

  public void release(NodeId node, Next next, Duration delay, Collection<TaskId> tasks) {
    List<String> arguments = new ArrayList<>();
    arguments.add(node.value());
    arguments.add(next.name().toLowerCase(Locale.ROOT));
    arguments.add(millis(delay));
    tasks.forEach(task -> arguments.add(task.value()));
    scripts.run(Script.RELEASE, arguments);
  }

  /// Prolongs the leases.
  ///
  /// @return the tasks that are not leased to the node here
  public List<TaskId> renew(NodeId node, Duration lease, Collection<TaskId> tasks) {
    List<String> arguments = new ArrayList<>(List.of(node.value(), millis(lease)));
    tasks.forEach(task -> arguments.add(task.value()));
    return taskIds(scripts.run(Script.RENEW, arguments));
  }

  /// Ended tasks leave the queue, and lines that wait for a slot try again.
  ///
  /// @return how many of them were still in it
  public int finish(Collection<TaskId> tasks) {
    return finish("", tasks);
  }

  /// The same for tasks that the node held. What has been queued again since, or taken by another
  /// node, stays.
  public int finish(NodeId node, Collection<TaskId> tasks) {
    return finish(node.value(), tasks);
  }

  private int finish(String node, Collection<TaskId> tasks) {
    if (tasks.isEmpty()) {
      return 0;
    }
    List<String> arguments = new ArrayList<>();
    arguments.add(node);
    tasks.forEach(task -> arguments.add(task.value()));
    return number(Script.FINISH, arguments);
  }

  /// Takes back leases that nobody has renewed, so that others can take the tasks over.
  public List<TaskId> expire() {
    return taskIds(scripts.run(Script.EXPIRE, List.of(Integer.toString(EXPIRE_BATCH))));
  }

  /// Lets everything that found no place try again.
  public int wake() {
    return number(Script.WAKE, List.of(Integer.toString(WAKE_BATCH)));
  }

  /// Makes the queue agree with the rows. A task that is in a reasonable place stays there.
  ///
  /// @return the tasks that had to be put right
  public List<TaskId> mend(List<TaskRow> tasks) {
    return place("0", tasks);
  }

  /// Puts the task where its row says, wherever it was.
  public void force(TaskRow task) {
    force(List.of(task));
  }

  public void force(List<TaskRow> tasks) {
    place("1", tasks);
  }

  private List<TaskId> place(String force, List<TaskRow> tasks) {
    List<TaskId> moved = new ArrayList<>();
    for (int from = 0; from < tasks.size(); from += BATCH) {
      List<String> arguments = new ArrayList<>(List.of(force));
      for (TaskRow task : tasks.subList(from, Math.min(tasks.size(), from + BATCH))) {
        arguments.addAll(Ticket.of(task).arguments());
        arguments.addAll(Ticket.Place.of(task).arguments());
        arguments.add(Ticket.instance(task));
      }
      moved.addAll(taskIds(scripts.run(Script.PLACE, arguments)));
    }
    return moved;
  }

  /// Replaces what operators have set.
  ///
  /// @return true where that changes anything
  public boolean rules(Rules rules) {
    List<String> arguments = new ArrayList<>();
    arguments.add(Integer.toString(rules.pauses().size()));
    arguments.addAll(rules.pauses());
    for (Rules.Share share : rules.shares()) {
      arguments.add(share.tenant());
      arguments.add(Integer.toString(share.weight()));
      arguments.add(Integer.toString(share.cap()));
    }
    return number(Script.RULES, arguments) == 1;
  }

  /// Contradictions inside Redis among tasks with a larger ordinal, and where to go on.
  ///
  /// @param last null at the end
  record Page(@Nullable Long last, List<String> contradictions) {}

  Page inspect(long after, int limit) {
    List<String> found = new ArrayList<>();
    Response answer =
        scripts.run(Script.INSPECT, List.of(Long.toString(after), Integer.toString(limit)));
    if (answer != null) {
      answer.forEach(line -> found.add(line.toString()));
    }
    String last = found.isEmpty() ? "" : found.removeFirst();
    return new Page(last.isEmpty() ? null : Long.valueOf(last), found);
  }

  /// How many members the structures have, by their names.
  public Map<String, Long> totals() {
    Map<String, Long> totals = new LinkedHashMap<>();
    Response answer = scripts.run(Script.TOTALS, List.of());
    for (int i = 0; answer != null && i + 1 < answer.size(); i += 2) {
      totals.put(answer.get(i).toString(), answer.get(i + 1).toLong());
    }
    return totals;
  }

  /// The tasks with `after < ordinal <= upTo`.
  List<TaskId> between(long after, long upTo, int limit) {
    String last = upTo == Long.MAX_VALUE ? "+inf" : Long.toString(upTo);
    return taskIds(
        scripts.run(Script.IDS, List.of(Long.toString(after), last, Integer.toString(limit))));
  }

  /// Begins to put everything in.
  ///
  /// @return the token for the end of it
  String building() {
    String token = UUID.randomUUID().toString();
    scripts.run(Script.BUILDING, List.of(token, millis(BUILDING)));
    return token;
  }

  /// Declares the queue complete, and frees slots and sessions of tasks that are gone.
  ///
  /// @return how many were freed; nothing where Redis has lost the queue since the beginning
  OptionalInt built(String token) {
    int freed = number(Script.BUILT, List.of(token));
    return freed < 0 ? OptionalInt.empty() : OptionalInt.of(freed);
  }

  /// Tasks that wait for an instance, by level.
  public Map<Priority, Long> depth() {
    Map<Priority, Long> depths = new EnumMap<>(Priority.class);
    Response counts = scripts.run(Script.DEPTH, List.of());
    for (Priority level : Priority.values()) {
      depths.put(level, counts == null ? 0L : counts.get(Ticket.level(level)).toLong());
    }
    return depths;
  }

  /// Forgets everything: it has to be rebuilt.
  void clear() {
    scripts.clear();
  }

  public void ping() {
    scripts.ping();
  }

  private int number(Script script, List<String> arguments) {
    Response answer = scripts.run(script, arguments);
    return answer == null ? 0 : answer.toInteger();
  }

  private static List<TaskId> taskIds(@Nullable Response ids) {
    List<TaskId> tasks = new ArrayList<>();
    if (ids != null) {
      ids.forEach(id -> tasks.add(new TaskId(id.toString())));
    }
    return tasks;
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
