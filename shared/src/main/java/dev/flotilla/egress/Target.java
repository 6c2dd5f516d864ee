package dev.flotilla.egress;

import dev.flotilla.fault.Fault;
import java.net.URI;

/// What a URL must have before it is stored as one to connect to. Schemas have checked its scheme.
/// It is shown to everyone who may see what it belongs to: no credential belongs into it.
public final class Target {
  private static final int LAST_PORT = 65_535;

  private Target() {}

  public static void requireInstance(URI url) {
    require(
        isUsable(url) && url.getRawQuery() == null,
        "url must be ws:// or wss:// with a host, without a user, a query and a fragment.");
  }

  public static void requireWebhook(URI url) {
    require(
        isUsable(url),
        "url must be http:// or https:// with a host, without a user and a fragment.");
  }

  private static boolean isUsable(URI url) {
    return url.getHost() != null
        && url.getRawUserInfo() == null
        && url.getRawFragment() == null
        && url.getPort() != 0
        && url.getPort() <= LAST_PORT;
  }

  private static void require(boolean usable, String rule) {
    if (!usable) {
      throw Fault.invalid("url", rule).asException();
    }
  }
}
