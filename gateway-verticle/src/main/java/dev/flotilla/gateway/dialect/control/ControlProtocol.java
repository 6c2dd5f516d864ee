package dev.flotilla.gateway.dialect.control;

import java.util.List;

/// The fixed facts of the control dialect.
public final class ControlProtocol {
  public static final int VERSION = 1;
  public static final String SUBPROTOCOL = "fleet.control.v1";
  public static final List<String> PATHS = List.of("/events", "/api/events", "/api/v1/events");

  private ControlProtocol() {}
}
