package dev.flotilla.command.task.queue;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskRow.KeyLimits;
import dev.flotilla.identity.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the queue should be like, as simple as possible: every task and where it is.
final class QueueModel {
  enum Place {
    READY,
    DELAYED,
    HELD,
    ORPHAN
  }

  /// One task.
  static final class Entry {
    final TaskRow row;
    Place place = Place.READY;
    @Nullable NodeId node;
    boolean slot;
    boolean placing;
    boolean taken;

    Entry(TaskRow row) {
      this.row = row;
    }

    int level() {
      return Ticket.level(row.priority());
    }

    /// Tasks of one line have the same.
    String line() {
      KeyLimits limits = row.limits();
      String key = limits == null ? "" : limits.key();
      return level() + "|" + row.tenant() + "|" + row.session() + "|" + key;
    }

    boolean inHand() {
      return place == Place.HELD || place == Place.ORPHAN;
    }
  }

  final Map<Long, Entry> tasks = new TreeMap<>();
  final Set<String> parked = new HashSet<>();
  final Set<String> paused = new HashSet<>();

  List<Entry> all(Place place) {
    return tasks.values().stream().filter(entry -> entry.place == place).toList();
  }

  List<Entry> heldBy(NodeId node) {
    return all(Place.HELD).stream().filter(entry -> node.equals(entry.node)).toList();
  }

  /// In hand, and of the same key.
  private boolean gateIsShut(Entry task) {
    KeyLimits limits = task.row.limits();
    if (limits == null) {
      return false;
    }
    long inHand =
        tasks.values().stream()
            .filter(Entry::inHand)
            .filter(other -> other.row.tenant().equals(task.row.tenant()))
            .filter(
                other ->
                    other.row.limits() != null && other.row.limits().key().equals(limits.key()))
            .count();
    return inHand >= limits.running();
  }

  /// Ready, and nothing but its turn stands between it and being taken.
  List<Entry> takeable() {
    List<Entry> heads = new ArrayList<>();
    Set<String> lines = new HashSet<>();
    for (Entry task : all(Place.READY)) {
      if (lines.add(task.line())
          && !parked.contains(task.line())
          && !paused.contains(task.row.tenant().value())
          && !gateIsShut(task)) {
        heads.add(task);
      }
    }
    heads.sort(
        Comparator.comparingInt(Entry::level).thenComparingLong(entry -> entry.row.ordinal()));
    return heads;
  }

  /// True where somebody has to start before the task.
  boolean othersFirst(Entry task) {
    boolean higher =
        takeable().stream().anyMatch(other -> other.level() < task.level())
            || tasks.values().stream()
                .anyMatch(other -> other.placing && other.level() < task.level());
    boolean earlier =
        tasks.values().stream()
            .anyMatch(
                other ->
                    other.line().equals(task.line())
                        && other.row.ordinal() < task.row.ordinal()
                        && (other.place == Place.READY || other.placing));
    return higher || earlier;
  }
}
