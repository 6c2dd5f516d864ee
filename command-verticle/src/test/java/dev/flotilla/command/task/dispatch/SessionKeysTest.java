package dev.flotilla.command.task.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import org.junit.jupiter.api.Test;

class SessionKeysTest {
  @Test
  void aTaskWithoutASessionHasOneOfItsOwn() {
    assertThat(SessionKeys.of(Tasks.row("t-1", "acme", null))).isEqualTo("flotilla-task-t-1");
  }

  @Test
  void tasksOfOneSessionShareIt() {
    assertThat(SessionKeys.of(Tasks.row("t-1", "acme", "s")))
        .isEqualTo(SessionKeys.of(Tasks.row("t-2", "acme", "s")));
  }

  @Test
  void noChoiceOfNamesMakesSessionsOfTwoTenantsMeet() {
    assertThat(SessionKeys.of(Tasks.row("t", "a-b", "c")))
        .isNotEqualTo(SessionKeys.of(Tasks.row("t", "a", "b-c")));
    assertThat(SessionKeys.of(Tasks.row("t", "Acme", "s")))
        .isNotEqualToIgnoringCase(SessionKeys.of(Tasks.row("t", "acme", "s")));
  }
}
