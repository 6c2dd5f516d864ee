package dev.flotilla.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelTest {
  private static final Duration TICK = Duration.ofMillis(100);
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
  private static final long NEVER = START + Duration.ofDays(1000).toNanos();

  private final Wheel wheel = new Wheel(TICK, START);
  private final List<Long> fired = new ArrayList<>();

  private static long ms(long amount) {
    return Duration.ofMillis(amount).toNanos();
  }

  @Test
  void anActionRunsAfterItsDeadlineAndAtMostATickLate() {
    Wheel.Ticket ticket = wheel.ticket(now -> remember(now, NEVER));
    wheel.arm(ticket, START + ms(250));
    wheel.turn(START + ms(250));
    assertThat(fired).isEmpty();
    wheel.turn(START + ms(350));
    assertThat(fired).containsExactly(START + ms(350));
  }

  @Test
  void aCancelledActionDoesNotRun() {
    Wheel.Ticket ticket = wheel.ticket(now -> remember(now, NEVER));
    wheel.arm(ticket, START + ms(250));
    wheel.cancel(ticket);
    wheel.turn(START + ms(1000));
    assertThat(fired).isEmpty();
  }

  @Test
  void anActionThatMovesItsOwnTicketRunsWhenItSays() {
    Wheel.Ticket[] ticket = new Wheel.Ticket[1];
    ticket[0] =
        wheel.ticket(
            now -> {
              wheel.arm(ticket[0], START + ms(5_000));
              return remember(now, START + ms(700));
            });
    wheel.arm(ticket[0], START);
    wheel.turn(START + ms(100));
    wheel.turn(START + ms(600));
    assertThat(fired).hasSize(1);
    wheel.turn(START + ms(800));
    assertThat(fired).hasSize(2);
  }

  @Test
  void afterALongPauseEachActionRunsOnce() {
    wheel.arm(wheel.ticket(now -> remember(now, NEVER)), START + ms(200));
    wheel.turn(START + Duration.ofHours(3).toNanos());
    assertThat(fired).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyDeadlineIsMetWhateverIsArmedMovedAndCancelled(long seed) {
    Random random = new Random(seed);
    Map<Wheel.Ticket, Long> due = new HashMap<>();
    List<Wheel.Ticket> tickets = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Wheel.Ticket[] self = new Wheel.Ticket[1];
      self[0] =
          wheel.ticket(
              now -> {
                // A deadline beyond one revolution is looked at early, and armed again.
                Long deadline = due.get(self[0]);
                if (deadline == null) {
                  return NEVER;
                }
                if (now - deadline < 0) {
                  return deadline;
                }
                due.remove(self[0]);
                return NEVER;
              });
      tickets.add(self[0]);
    }
    long now = START;
    for (int step = 0; step < 3_000; step++) {
      Wheel.Ticket ticket = tickets.get(random.nextInt(tickets.size()));
      if (random.nextInt(5) == 0) {
        wheel.cancel(ticket);
        due.remove(ticket);
      } else {
        long deadline = now + ms(random.nextInt(90_000));
        due.put(ticket, deadline);
        wheel.arm(ticket, deadline);
      }
      now += ms(random.nextInt(400));
      wheel.turn(now);
      long late = now - TICK.multipliedBy(2).toNanos();
      due.values().stream().filter(deadline -> deadline - late < 0).forEach(d -> wrong.add("late"));
    }
    assertThat(wrong).isEmpty();
  }

  private long remember(long now, long next) {
    fired.add(now);
    return next;
  }
}
