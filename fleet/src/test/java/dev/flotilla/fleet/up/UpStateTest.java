package dev.flotilla.fleet.up;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpStateTest {
  @TempDir Path directory;

  @Test
  void noPortIsGivenTwice() throws Exception {
    try (UpDirectory claimed = UpDirectory.claim(directory.resolve("data"))) {
      UpState state = UpState.of(claimed);
      int remembered = state.port("postgres");
      Set<Integer> left = new HashSet<>();
      for (int port = 20_000; port < 32_000; port++) {
        if (left.size() < 100 && port != remembered) {
          left.add(port);
        } else {
          state.take(port);
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(left.remove(state.freePort())).isTrue();
      }
      assertThat(left).contains(state.port("redis"));
    }
  }

  @Test
  void aPortIsTheSameAfterARestart() throws Exception {
    try (UpDirectory claimed = UpDirectory.claim(directory.resolve("data"))) {
      UpState state = UpState.of(claimed);
      int port = state.port("postgres");
      state.save();
      assertThat(UpState.of(claimed).port("postgres")).isEqualTo(port);
    }
  }
}
