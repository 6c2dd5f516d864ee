package dev.flotilla.registry.link.openclaw;

import static dev.flotilla.registry.link.openclaw.ContractSubject.slow;
import static dev.flotilla.registry.link.openclaw.ContractSubject.spoken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.link.Doing;
import dev.flotilla.registry.testkit.FlakyProxy;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// What the fleet relies on where it gives runs to an instance, of the scripted one as of a real
/// gateway.
interface InstanceContract {
  ContractSubject subject();

  private static RunText said(int words) {
    return new RunText(1, spoken(words), spoken(words).length(), false);
  }

  private static void assertSucceeded(RunState end, int words) {
    assertThat(end)
        .asInstanceOf(InstanceOfAssertFactories.type(RunState.Succeeded.class))
        .extracting(succeeded -> succeeded.outcome().text())
        .isEqualTo(spoken(words));
  }

  @Test
  default void aRightTokenMakesTheInstanceReady() {
    try (LinkBench bench = subject().link()) {
      assertThat(bench.observation().version()).isNotBlank();
      assertThat(bench.observation().running()).isZero();
    }
  }

  @Test
  default void aWrongTokenIsToldInWords() {
    try (LinkBench bench = LinkBench.to(ContractSubject.url(subject().port()), "not-the-token")) {
      bench.awaitState(InstanceState.DOWN);
      assertThat(bench.observation().reason()).contains("token");
    }
  }

  @Test
  default void aRunStreamsItsTextAndSucceedsOnce() {
    RunOrder order = LinkBench.order(slow(8, 30));
    try (LinkBench bench = subject().link()) {
      assertThat(bench.ensure(order)).isInstanceOf(RunState.Going.class);
      RunState end = bench.awaitEnd(order);
      assertSucceeded(end, 8);
      assertThat(((RunState.Succeeded) end).outcome().outputTokens()).isEqualTo(8);
      assertThat(bench.text(order)).isEqualTo(spoken(8));
      assertThat(bench.said(order)).isEqualTo(said(8));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void whatAnAgentDoesIsSeenAndItsTextSurvivesItsTool() {
    RunOrder order = LinkBench.order("[[tool:lookup]] " + UUID.randomUUID());
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitEnd(order);
      assertThat(bench.doings)
          .containsExactly(
              Doing.WORKING,
              Doing.STREAMING,
              Doing.using("lookup"),
              Doing.WORKING,
              Doing.STREAMING);
      assertThat(bench.text(order)).isEqualTo("looking it up\n\n" + spoken(10));
      assertThat(bench.said(order).text()).isEqualTo(bench.text(order));
    }
  }

  @Test
  default void aFailingRunFails() {
    RunOrder order = LinkBench.order("[[fail:400]] " + UUID.randomUUID());
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Failed.class);
    }
  }

  @Test
  default void aCancelledRunIsAborted() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      bench.cancel(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void aRunThatIsCancelledBeforeItsFirstSignOfLifeIsAborted() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.cancel(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
    assertThat(subject().executions(order.prompt())).isLessThanOrEqualTo(1);
  }

  @Test
  default void aConversationIsStoppedBeforeTheFirstSignOfLifeOfItsRun() {
    RunOrder order = LinkBench.order("[[hang]] " + UUID.randomUUID());
    InstanceId id = order.instance();
    try (LinkBench bench = subject().link()) {
      bench.awaitState(InstanceState.READY);
      bench.ensure(order);
      PeerResult.ChatAborted said =
          (PeerResult.ChatAborted)
              bench.ask(new PeerCommand.ChatAbort(id, order.sessionKey(), null));
      assertThat(said.aborted()).isTrue();
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void anAbortedRunIsStillAbortedForTheNextOwner() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      bench.cancel(order);
      bench.awaitEnd(order);
    }
    try (LinkBench next = subject().link()) {
      assertThat(next.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aRunThatMayExistButDoesNotIsStartedOnce() {
    RunOrder order = LinkBench.order(slow(3, 10));
    try (LinkBench bench = subject().link()) {
      assertSucceeded(bench.awaitEnd(order), 3);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aCutConnectionDoesNotStartARunAgain() {
    RunOrder order = LinkBench.order(slow(40, 50));
    try (FlakyProxy proxy = FlakyProxy.before(subject().port());
        LinkBench bench = LinkBench.to(ContractSubject.url(proxy.port()), subject().token())) {
      bench.awaitState(InstanceState.READY);
      bench.ensure(order);
      bench.awaitOutput(order);
      proxy.cut();
      assertSucceeded(bench.awaitEnd(order), 40);
      assertThat(bench.text(order)).isEqualTo(spoken(40));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void theNextOwnerOfTheLinkTakesARunOver() {
    RunOrder order = LinkBench.order(slow(40, 120));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
    }
    try (LinkBench next = subject().link()) {
      assertSucceeded(next.awaitEnd(order), 40);
      assertThat(next.pieces(order)).isNotEmpty();
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void theNextOwnerOfTheLinkKnowsAllThatWasSaid() {
    RunOrder order = LinkBench.order("[[tool:lookup:800]] " + UUID.randomUUID());
    String before;
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      await().until(() -> bench.text(order).contains("w1"));
      before = bench.text(order);
    }
    try (LinkBench next = subject().link()) {
      RunText unheardOf = next.said(order);
      assertThat(unheardOf.text()).startsWith(before);
      assertThat(unheardOf.partial()).isFalse();
      next.ensure(LinkBench.again(order));
      await().until(() -> !next.said(order).partial());
      assertThat(next.said(order).text()).startsWith(unheardOf.text());
      next.awaitEnd(order);
      assertThat(next.text(before, order)).isEqualTo("looking it up\n\n" + spoken(10));
      assertThat(next.doings).contains(Doing.STREAMING);
    }
  }

  @Test
  default void theNextOwnerOfTheLinkCanCancelARunItNeverHeardOf() {
    RunOrder order = LinkBench.order(slow(200, 50));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
    }
    try (LinkBench next = subject().link()) {
      next.cancel(order);
      assertThat(next.awaitEnd(order)).isInstanceOf(RunState.Aborted.class);
    }
  }

  @Test
  default void aRunThatACrashInterruptsIsFinishedOnce() {
    RunOrder order = LinkBench.order(slow(30, 170));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      bench.awaitOutput(order);
      subject().kill();
      bench.awaitState(InstanceState.DOWN);
      assertThat(bench.ensure(LinkBench.again(order))).isInstanceOf(RunState.Unreachable.class);
      subject().restart();
      assertSucceeded(bench.awaitEnd(order), 30);
      assertThat(bench.text(order)).isEqualTo(spoken(30));
      assertThat(bench.ends).hasSize(1);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
    assertThat(subject().resumptions(order.prompt())).isEqualTo(1);
  }

  @Test
  default void aRunThatHadFinishedIsNotRunAgainAfterARestart() {
    RunOrder order = LinkBench.order(slow(5, 10));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      assertSucceeded(bench.awaitEnd(order), 5);
    }
    subject().kill();
    subject().restart();
    try (LinkBench next = subject().link()) {
      assertSucceeded(next.awaitEnd(order), 5);
    }
    assertThat(subject().executions(order.prompt())).isEqualTo(1);
    assertThat(subject().resumptions(order.prompt())).isZero();
  }

  @Test
  default void aRunThatACrashCatchesAtItsVeryStartIsNotRunTwice() {
    RunOrder order = LinkBench.order(slow(5, 100));
    try (LinkBench bench = subject().link()) {
      bench.ensure(order);
      subject().kill();
      subject().restart();
      RunState end = bench.awaitEnd(order);
      if (end instanceof RunState.Refused) {
        assertThat(subject().executions(order.prompt())).isZero();
        assertThat(subject().resumptions(order.prompt())).isZero();
      } else {
        assertSucceeded(end, 5);
        assertThat(subject().executions(order.prompt())).isLessThanOrEqualTo(1);
      }
      assertThat(bench.ends).hasSize(1);
    }
  }
}
