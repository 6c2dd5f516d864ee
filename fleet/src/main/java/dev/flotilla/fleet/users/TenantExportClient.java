package dev.flotilla.fleet.users;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.identity.TenantId;
import java.net.URI;
import java.util.function.Consumer;

/// Reads what a tenant owns from a node, page by page: no more than one is held, however much there
/// is.
public final class TenantExportClient {
  /// Whose admin asks: the tenant itself may be suspended.
  private static final TenantId ASKER = new TenantId("flotilla-cli");

  private static final int PAGE = 500;

  private final NodeCalls calls;

  public TenantExportClient(URI node, FleetConfig.Identity identity) {
    this.calls = new NodeCalls(node, identity);
  }

  /// @param lines takes each row, as one line of JSON
  public void read(TenantId tenant, Consumer<String> lines)
      throws StartFailure, InterruptedException {
    String path = "/api/v1/tenants/" + tenant + "/export?limit=" + PAGE;
    String cursor = null;
    do {
      String next = cursor == null ? path : path + "&cursor=" + cursor;
      JsonNode page = calls.send(ASKER, calls.request(next).GET());
      page.path("items").forEach(item -> lines.accept(item.toString()));
      cursor = page.hasNonNull("nextCursor") ? page.path("nextCursor").asText() : null;
    } while (cursor != null);
  }
}
