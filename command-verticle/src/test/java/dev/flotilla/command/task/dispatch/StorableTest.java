package dev.flotilla.command.task.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;
import org.junit.jupiter.api.Test;

class StorableTest {
  @Test
  void aResultOverTheLimitIsCutAndSaysSo() {
    String text = "x".repeat(Storable.MAX_RESULT - 1) + "\uD83D\uDE00 and more";
    RunState kept =
        Storable.of(new RunState.Succeeded(new TaskOutcome(text, null, null, null, null)));
    assertThat(kept)
        .isInstanceOfSatisfying(
            RunState.Succeeded.class,
            done ->
                assertThat(done.outcome().text())
                    .hasSizeLessThan(Storable.MAX_RESULT + 100)
                    .endsWith("x\n[cut: the instance said " + text.length() + " characters]"));
  }

  @Test
  void whatFitsIsKeptAsItIsButForZeros() {
    RunState kept =
        Storable.of(new RunState.Succeeded(new TaskOutcome("a\0b \uD83D\uDE00", 1L, 2L, 3L, 0.5)));
    assertThat(kept)
        .isEqualTo(new RunState.Succeeded(new TaskOutcome("ab \uD83D\uDE00", 1L, 2L, 3L, 0.5)));
  }
}
