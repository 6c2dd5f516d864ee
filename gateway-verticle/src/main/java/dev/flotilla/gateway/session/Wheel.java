package dev.flotilla.gateway.session;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/// The deadlines of one event loop's sessions. Arming, moving and cancelling one costs the same
/// however many there are, and those that are not due cost nothing.
///
/// A deadline beyond one revolution is looked at once per revolution.
final class Wheel {
  private static final int SLOTS = 512;

  /// One session's place on the wheel.
  static final class Ticket {
    private final LongUnaryOperator action;
    private @Nullable Ticket previous;
    private @Nullable Ticket next;
    private int slot = NOWHERE;

    private static final int NOWHERE = -1;

    private Ticket(LongUnaryOperator action) {
      this.action = action;
    }
  }

  private final @Nullable Ticket[] slots = new Ticket[SLOTS];
  private final long tick;
  private final long start;
  private long turned;

  /// @param tick how late an action may be
  /// @param now nanoseconds of the monotonic clock
  Wheel(Duration tick, long now) {
    this.tick = tick.toNanos();
    this.start = now;
  }

  /// @param action gets the present time once its deadline has passed, or earlier, and says the
  ///     next deadline
  Ticket ticket(LongUnaryOperator action) {
    return new Ticket(action);
  }

  void arm(Ticket ticket, long deadline) {
    cancel(ticket);
    long ticks = Math.floorDiv(deadline - start, tick) + 1;
    long ahead = Math.clamp(ticks - turned, 1, SLOTS - 1);
    int slot = (int) ((turned + ahead) % SLOTS);
    Ticket first = slots[slot];
    ticket.slot = slot;
    ticket.next = first;
    if (first != null) {
      first.previous = ticket;
    }
    slots[slot] = ticket;
  }

  void cancel(Ticket ticket) {
    if (ticket.slot == Ticket.NOWHERE) {
      return;
    }
    if (ticket.previous == null) {
      slots[ticket.slot] = ticket.next;
    } else {
      ticket.previous.next = ticket.next;
    }
    if (ticket.next != null) {
      ticket.next.previous = ticket.previous;
    }
    ticket.previous = null;
    ticket.next = null;
    ticket.slot = Ticket.NOWHERE;
  }

  /// To be called every tick. An action that throws is the caller's bug.
  void turn(long now) {
    long until = Math.floorDiv(now - start, tick);
    // After a long pause every slot is looked at once, not once per tick that was missed.
    turned = Math.max(turned, until - SLOTS);
    while (turned < until) {
      turned++;
      int slot = (int) (turned % SLOTS);
      for (Ticket due = slots[slot]; due != null; due = slots[slot]) {
        cancel(due);
        arm(due, due.action.applyAsLong(now));
      }
    }
  }
}
