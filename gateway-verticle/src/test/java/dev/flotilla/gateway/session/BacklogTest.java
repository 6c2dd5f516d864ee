package dev.flotilla.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BacklogTest {

  @Test
  void itCountsTheMessagesOfWhatIsLeft() {
    Random random = new Random(7);
    Backlog backlog = new Backlog();
    Deque<Integer> buffers = new ArrayDeque<>();
    for (int i = 0; i < 10_000; i++) {
      if (random.nextInt(100) < 55) {
        int count = random.nextInt(50);
        buffers.add(count);
        backlog.add(count);
      } else {
        int left = buffers.isEmpty() ? 0 : random.nextInt(buffers.size() + 1);
        while (buffers.size() > left) {
          buffers.remove();
        }
        backlog.settle(left);
      }
      assertThat(backlog.messages()).isEqualTo(buffers.stream().mapToInt(Integer::intValue).sum());
    }
  }
}
