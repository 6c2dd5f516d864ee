package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.contract.ApprovalDecision;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.contract.PeerResult.ApprovalCard;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.wire.RawJson;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a real gateway cannot be brought to do in a test.
class PeerTalkIT {
  private static final InstanceId ID = new InstanceId("i-1");

  private final FakeInstance instance = FakeInstance.start("a-token");
  private final LinkBench bench = LinkBench.to(instance.url(), instance.token());

  @AfterEach
  void close() {
    bench.close();
    instance.close();
  }

  @Test
  void whatWaitsForAnApprovalIsSeenAndDecidedOnce() {
    bench.awaitState(InstanceState.READY);
    instance.askApproval("a-1", "rm -rf build");
    assertThat(((PeerResult.ApprovalPage) bench.ask(new PeerCommand.ApprovalList(null))).items())
        .containsExactly(
            new ApprovalCard(ID, "a-1", "exec", "rm -rf build", null, null, null, null));
    PeerCommand deny = new PeerCommand.ApprovalResolve(ID, "a-1", ApprovalDecision.DENY);
    assertThat(bench.ask(deny))
        .isEqualTo(new PeerResult.ApprovalResolved(ID, "a-1", ApprovalDecision.DENY));
    assertThatThrownBy(() -> bench.ask(deny)).hasMessageContaining("INSTANCE_REFUSED");
  }

  @Test
  void moreChangesThanAnInstanceTakesAreHeldBackAndOthersAreNot() {
    bench.awaitState(InstanceState.READY);
    PeerCommand call = new PeerCommand.InstanceCall(ID, "status", new RawJson("{}"));
    for (int i = 0; i < 25; i++) {
      bench.ask(call);
    }
    assertThatThrownBy(() -> bench.ask(call)).hasMessageContaining("RATE_LIMITED");
    assertThat(bench.ask(new PeerCommand.CronList(null))).isNotNull();
    bench.skip(Duration.ofMinutes(1));
    assertThat(bench.ask(call)).isInstanceOf(PeerResult.InstanceCalled.class);
  }

  @Test
  void aJobThatDoesNotSayWhenIsRefusedHere() {
    bench.awaitState(InstanceState.READY);
    for (Long every : new Long[] {null, 60_000L}) {
      String cron = every == null ? null : "0 7 * * *";
      assertThatThrownBy(
              () ->
                  bench.ask(
                      new PeerCommand.CronAdd(ID, "n", "m", cron, null, every, null, null, null)))
          .hasMessageContaining("exactly one");
    }
  }

  @Test
  void whoIsNotConnectedSaysSo() {
    instance.kill();
    bench.awaitState(InstanceState.DOWN);
    assertThatThrownBy(() -> bench.ask(new PeerCommand.ModelList(null)))
        .hasMessageContaining("UNAVAILABLE")
        .hasMessageContaining("not connected");
  }
}
