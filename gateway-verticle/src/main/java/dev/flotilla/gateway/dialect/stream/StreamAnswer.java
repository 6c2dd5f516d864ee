package dev.flotilla.gateway.dialect.stream;

import dev.flotilla.fault.Fault;

/// The HTTP answer to a request for the event stream. One of the two is called, once.
public interface StreamAnswer {
  /// Writes the head. What follows is the stream.
  void begin();

  /// There is no stream.
  void refuse(Fault fault);
}
