package dev.flotilla.fleet.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WindowTest {
  private static final long FIRST = 1_000_000_000L;

  @Test
  void aNewEventMayGoWhenTheLastSubscriberHasOne() {
    Window window = new Window(1, 3, FIRST);
    assertThat(window.take()).isEqualTo(1);
    assertThat(window.take()).isZero();
    window.delivered(FIRST);
    window.delivered(FIRST);
    assertThat(window.take()).isZero();
    window.delivered(FIRST);
    assertThat(window.take()).isEqualTo(1);
    assertThat(window.deliveries()).isEqualTo(3);
    assertThat(window.completed()).isEqualTo(1);
  }

  @Test
  void anEventThatOneSubscriberLacksHoldsItsPlaceWhateverOthersGet() {
    Window window = new Window(2, 2, FIRST);
    assertThat(window.take()).isEqualTo(2);
    window.delivered(FIRST);
    window.delivered(FIRST + 1);
    window.delivered(FIRST + 1);
    assertThat(window.take()).isEqualTo(1);
    assertThat(window.idle()).isFalse();
    window.delivered(FIRST);
    window.delivered(FIRST + 2);
    window.delivered(FIRST + 2);
    assertThat(window.idle()).isTrue();
  }

  @Test
  void whatComesLateFromBeforeDoesNotCount() {
    Window window = new Window(1, 1, FIRST + 5);
    window.take();
    window.delivered(FIRST + 4);
    assertThat(window.deliveries()).isZero();
    assertThat(window.idle()).isFalse();
  }

  @Test
  void placesAreUsedAgain() {
    Window window = new Window(64, 1, FIRST);
    for (long number = FIRST; number < FIRST + 5_000; number++) {
      window.take();
      window.delivered(number);
    }
    assertThat(window.completed()).isEqualTo(5_000);
  }
}
