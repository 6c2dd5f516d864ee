package dev.flotilla.gateway.dialect.work;

import java.util.List;

/// The fixed facts of the work dialect.
public final class WorkProtocol {
  public static final int VERSION = 1;
  public static final String SUBPROTOCOL = "fleet.work.v1";
  public static final List<String> PATHS = List.of("/ws", "/api/work/ws", "/api/v1/work/ws");

  private WorkProtocol() {}
}
