package dev.flotilla.command.task.dispatch;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Asking;
import dev.flotilla.command.task.queue.TaskQueue.Chosen;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds places for leased tasks: for each an instance on its route that has a slot free, and
/// that is not busier than it should be while another is not.
record Placement(Bus bus, TaskQueue queue, NodeId node) {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(2);

  /// What came of looking.
  sealed interface Found {
    /// @param owner the link's node, null where it is still to be found
    record Place(InstanceId instance, @Nullable NodeId owner) implements Found {}

    /// @param reason in words for the task's owner
    /// @param room where to wait for a place
    record Nowhere(String reason, Room room) implements Found {}

    /// Another task has to come first.
    record Later() implements Found {}

    /// The queue has given the task to somebody else.
    record Lost() implements Found {}
  }

  /// A leased task, and where its conversation was last.
  record Seeking(TaskRow task, @Nullable InstanceId home) {
    RouteAsk ask() {
      return new RouteAsk(task.tenant(), task.session(), task.capabilities(), null, home, 0);
    }

    /// Where its run may still be going on.
    @Nullable InstanceId bound() {
      return task.runId() == null ? null : task.runInstance();
    }
  }

  /// Looks for places for all of them, in their order, with one question to the registry for each
  /// kind of them and few to Redis: whoever looks one by one is never as fast as those who run.
  List<Found> find(List<Seeking> seeking) {
    Map<RouteAsk, Future<RouteAnswer>> asked = new HashMap<>();
    for (Seeking each : seeking) {
      if (each.bound() == null) {
        asked.computeIfAbsent(each.ask(), ask -> bus.ask(Addresses.ROUTE, ask, ASK_LIMIT));
      }
    }
    Found[] found = new Found[seeking.size()];
    List<Integer> places = new ArrayList<>();
    List<Asking> asking = new ArrayList<>();
    for (int i = 0; i < seeking.size(); i++) {
      Seeking each = seeking.get(i);
      InstanceId bound = each.bound();
      if (bound != null) {
        found[i] = keep(each.task(), bound);
        continue;
      }
      RouteAnswer route = answer(Objects.requireNonNull(asked.get(each.ask())));
      if (route == null) {
        found[i] = noRoute();
      } else if (route.candidates().isEmpty()) {
        found[i] = nobody(route);
      } else {
        places.add(i);
        asking.add(new Asking(each.task().id(), route.candidates()));
      }
    }
    List<Chosen> chosen = queue.choose(node, asking);
    for (int i = 0; i < chosen.size(); i++) {
      int place = places.get(i);
      found[place] = found(seeking.get(place), asked, chosen.get(i));
    }
    return List.of(found);
  }

  private Found keep(TaskRow task, InstanceId bound) {
    return queue.keepSlot(task.id(), node, bound) == Slot.LOST
        ? new Found.Lost()
        : new Found.Place(bound, null);
  }

  private Found found(Seeking seeking, Map<RouteAsk, Future<RouteAnswer>> asked, Chosen chosen) {
    RouteAsk ask = seeking.ask();
    RouteAnswer route = Objects.requireNonNull(asked.get(ask)).result();
    return chosen.slot() == Slot.FULL && route.more()
        ? further(seeking.task(), ask.after(route.candidates().size()))
        : found(chosen);
  }

  private static Found found(Chosen chosen) {
    Candidate candidate = chosen.candidate();
    if (candidate != null) {
      return new Found.Place(candidate.instance(), candidate.owner());
    }
    return switch (chosen.slot()) {
      case LATER -> new Found.Later();
      case FULL -> full();
      case TAKEN, LOST -> new Found.Lost();
    };
  }

  /// Behind the candidates that were all full there are more.
  private Found further(TaskRow task, RouteAsk first) {
    RouteAsk ask = first;
    while (true) {
      RouteAnswer route = answer(bus.ask(Addresses.ROUTE, ask, ASK_LIMIT));
      if (route == null) {
        return noRoute();
      }
      List<Candidate> candidates = route.candidates();
      if (candidates.isEmpty()) {
        return full();
      }
      Chosen chosen = queue.choose(node, List.of(new Asking(task.id(), candidates))).getFirst();
      if (chosen.slot() != Slot.FULL || !route.more()) {
        return found(chosen);
      }
      ask = ask.after(candidates.size());
    }
  }

  private static @Nullable RouteAnswer answer(Future<RouteAnswer> asked) {
    try {
      return asked.await();
    } catch (FaultException noAnswer) {
      return null;
    }
  }

  private static Found noRoute() {
    return new Found.Nowhere("NO_ROUTE: no registry node answers", Room.ABSENT);
  }

  private static Found full() {
    return new Found.Nowhere("NO_CAPACITY: every instance that could take it is busy", Room.PARKED);
  }

  private static Found nobody(RouteAnswer route) {
    return new Found.Nowhere(
        Objects.requireNonNullElse(route.reason(), "NO_INSTANCE: no instance can take it"),
        Room.ABSENT);
  }
}
