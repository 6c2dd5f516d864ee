package dev.flotilla.command.task.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RunTest {
  private static final NodeId NODE = new NodeId("n1");
  private static final Duration LEASE = Duration.ofHours(1);

  private static Run claimed(Duration ago) {
    return new Run(Tasks.running("t"), null, System.nanoTime() - ago.toNanos());
  }

  @Test
  void aFreshRunIsOrderedAsNewUntilItWasOrdered() {
    Run run = claimed(Duration.ZERO);
    assertThat(run.order(NODE, LEASE).mayExist()).isFalse();
    run.ordered();
    assertThat(run.order(NODE, LEASE).mayExist()).isTrue();
  }

  @Test
  void aHolderThatWasFrozenAfterItsClaimStartsNothing() {
    assertThat(claimed(LEASE.dividedBy(2)).order(NODE, LEASE).mayExist()).isTrue();
  }

  @Test
  void aLeaseIsOverWhenNoRenewalWasSentForItsLength() {
    Run run = claimed(LEASE);
    assertThat(run.leaseOver(LEASE)).isTrue();
    run.renewed(System.nanoTime());
    assertThat(run.leaseOver(LEASE)).isFalse();
  }

  @Test
  void aRunIsOverdueOnlyAfterItWasSeenToGoOn() {
    Run run = claimed(LEASE);
    assertThat(run.overdue(Instant.now(), Duration.ZERO)).isFalse();
    run.seen(true);
    assertThat(run.overdue(Instant.now(), Duration.ZERO)).isTrue();
    assertThat(run.overdue(Instant.now(), Duration.ofMinutes(1))).isFalse();
    run.seen(false);
    assertThat(run.overdue(Instant.now(), Duration.ZERO)).isFalse();
  }
}
