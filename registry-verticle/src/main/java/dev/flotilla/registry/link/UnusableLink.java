package dev.flotilla.registry.link;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkView;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.Future;
import java.time.Instant;

/// In place of a link where this node cannot even try: it says why, until that is put right.
///
/// @param reason in words for the operator
/// @param link how the connection is, and what has to be done
public record UnusableLink(String reason, LinkView link, Instant since) implements Link {
  @Override
  public Observation observation() {
    return new Observation(InstanceState.DOWN, reason, since, null, 0, link);
  }

  @Override
  public RunState ensure(RunOrder order) {
    return order.mayExist() ? new RunState.Unreachable(reason) : new RunState.Refused(reason);
  }

  @Override
  public Future<RunState> cancel(RunCancel cancel) {
    return Future.succeededFuture(new RunState.Unreachable(reason));
  }

  @Override
  public Future<RunText> text(RunTextAsk ask) {
    return Future.succeededFuture(RunText.unknown(ask.attempt()));
  }

  @Override
  public Future<PeerResult> ask(PeerCommand command) {
    return Future.failedFuture(Fault.of(Reason.CREDENTIAL_KEY, reason).asException());
  }

  @Override
  public void tick() {
    // Nothing changes by itself here.
  }

  @Override
  public Future<Void> abandon() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
