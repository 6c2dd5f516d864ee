package dev.flotilla.command.task.dispatch;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds a place for a leased task: the first instance on its route that has a slot free.
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

  Found find(TaskRow task) {
    InstanceId bound = task.runInstance();
    if (task.runId() != null && bound != null) {
      return queue.keepSlot(task.id(), node, bound) == Slot.LOST
          ? new Found.Lost()
          : new Found.Place(bound, null);
    }
    RouteAnswer route;
    try {
      RouteAsk ask = new RouteAsk(task.tenant(), task.session(), task.capabilities(), null);
      route = bus.ask(Addresses.ROUTE, ask, ASK_LIMIT).await();
    } catch (FaultException noAnswer) {
      return new Found.Nowhere("NO_ROUTE: no registry node answers", Room.ABSENT);
    }
    for (Candidate candidate : route.candidates()) {
      switch (queue.slot(task.id(), node, candidate.instance(), candidate.maxConcurrency())) {
        case TAKEN -> {
          return new Found.Place(candidate.instance(), candidate.owner());
        }
        case LOST -> {
          return new Found.Lost();
        }
        case LATER -> {
          return new Found.Later();
        }
        case FULL -> {}
      }
    }
    return route.candidates().isEmpty()
        ? new Found.Nowhere(
            Objects.requireNonNullElse(route.reason(), "NO_INSTANCE: no instance can take it"),
            Room.ABSENT)
        : new Found.Nowhere("NO_CAPACITY: every instance that could take it is busy", Room.PARKED);
  }
}
