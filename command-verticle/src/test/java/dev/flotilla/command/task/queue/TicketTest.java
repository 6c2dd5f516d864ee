package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import dev.flotilla.command.task.queue.Ticket.Place;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TicketTest {
  @Test
  void tasksOfOneSessionStandInOneLine() {
    assertThat(kind("t-1", "s")).isEqualTo(kind("t-2", "s")).startsWith("s");
    assertThat(kind("t-1", "s")).isNotEqualTo(kind("t-1", "other"));
    assertThat(kind("t-1", null)).isEqualTo("any");
  }

  @Test
  void aPendingTaskBelongsIntoItsLine() {
    assertThat(Place.of(Tasks.row("t", "acme", null))).isEqualTo(new Place.Ready());
  }

  private static String kind(String id, @Nullable String session) {
    return Ticket.of(Tasks.row(id, "acme", session)).kind();
  }
}
