package dev.flotilla.gateway.session;

/// What carries a session: a WebSocket, or the response to a request for the event stream.
interface Transport {
  /// Called once, in the turn in which the session began.
  void begin();

  /// Messages of the client wait until [#resume].
  void pause();

  void resume();

  /// From now on nothing is taken but the client's goodbye, which must not wait behind a pause.
  void stopListening();

  /// The client is admitted: from now on the dialect's limits hold.
  void trust();

  /// Where everything that is said goes.
  WriteQueue queue();

  /// Says that the session is there.
  ///
  /// @return true where the client's answer will be heard
  boolean ping();

  /// What was written before is sent first.
  void close(int code, String reason);

  /// Says why and hangs up: what the client still says cannot be understood.
  void fail(int code, String reason);
}
