package dev.flotilla.registry.link;

import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;

/// Whoever holds a link hears from it here, on the link's context.
public interface LinkListener {
  /// The observation is another one now.
  void changed();

  /// The run's agent has produced a piece of text.
  ///
  /// @param index where the piece begins in the attempt's text
  void output(RunOrder order, long index, String text);

  /// The run's agent does something else now.
  void does(RunOrder order, Doing doing);

  /// The run has ended, told once.
  void ended(RunOrder order, RunState state);

  /// A try to connect has ended.
  void connectTried(ConnectOutcome outcome);

  /// The instance has restarted since the link saw it last.
  void restarted();

  /// A run that somebody else had started, or that was going when the connection was lost, is
  /// followed from here on.
  void adopted(RunOrder order);
}
