package dev.flotilla.registry.link;

import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import io.vertx.core.Future;

/// The fleet's one connection to an instance. It connects by itself and again after every loss.
/// Confined to the context that made it; nothing here blocks or throws.
public interface Link {
  Observation observation();

  /// Makes sure that the run goes on. Repeating it is harmless: a run is started once.
  RunState ensure(RunOrder order);

  /// Ends the run. The answer says how it is now; the end itself is told to the listener.
  Future<RunState> cancel(RunCancel cancel);

  /// What the run has said so far.
  Future<RunText> text(RunTextAsk ask);

  /// Asks the instance itself. Fails with a fault only.
  Future<PeerResult> ask(PeerCommand command);

  /// Looks after everything that depends on time. Called every second or so.
  void tick();

  /// The instance is no longer the fleet's: ends its runs, on the instance too as far as possible.
  Future<Void> abandon();

  /// Lets go of the instance. Runs go on there, for the next owner of the link to adopt.
  Future<Void> close();
}
