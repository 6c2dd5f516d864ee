package dev.flotilla.command.task.dispatch;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Chosen;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds a place for a leased task: an instance on its route that has a slot free, and
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

  /// @param home where the task's conversation was last
  Found find(TaskRow task, @Nullable InstanceId home) {
    InstanceId bound = task.runInstance();
    if (task.runId() != null && bound != null) {
      return queue.keepSlot(task.id(), node, bound) == Slot.LOST
          ? new Found.Lost()
          : new Found.Place(bound, null);
    }
    RouteAsk ask = new RouteAsk(task.tenant(), task.session(), task.capabilities(), null, home, 0);
    while (true) {
      RouteAnswer route;
      try {
        route = bus.ask(Addresses.ROUTE, ask, ASK_LIMIT).await();
      } catch (FaultException noAnswer) {
        return new Found.Nowhere("NO_ROUTE: no registry node answers", Room.ABSENT);
      }
      List<Candidate> candidates = route.candidates();
      if (candidates.isEmpty()) {
        return ask.skip() > 0 ? full() : nobody(route);
      }
      Chosen chosen = queue.choose(task.id(), node, candidates);
      if (chosen.candidate() != null) {
        return new Found.Place(chosen.candidate().instance(), chosen.candidate().owner());
      }
      if (chosen.slot() != Slot.FULL) {
        return chosen.slot() == Slot.LATER ? new Found.Later() : new Found.Lost();
      }
      if (!route.more()) {
        return full();
      }
      ask = ask.after(candidates.size());
    }
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
