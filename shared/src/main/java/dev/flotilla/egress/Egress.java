package dev.flotilla.egress;

import dev.flotilla.config.Cidr;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// To which addresses nobody can make the fleet connect: those of the host's own network, such as
/// the one at which a cloud tells a machine its credentials. A name is looked up first, and the
/// connection goes to the address that was looked at: a name that leads elsewhere the next moment
/// helps nobody.
public final class Egress {
  private final List<Cidr> deny;
  private final List<Cidr> allow;

  private Egress(Stream<String> deny, List<String> allow) {
    this.deny = deny.map(Cidr::parse).toList();
    this.allow = allow.stream().map(Cidr::parse).toList();
  }

  /// For instances: loopback and private networks are where gateways live.
  public static Egress toInstances(FleetConfig.Egress config) {
    return new Egress(config.deny().stream(), config.allow());
  }

  /// For webhooks, which tenants name.
  public static Egress toWebhooks(FleetConfig.Egress config) {
    return new Egress(
        Stream.concat(config.deny().stream(), config.webhookDeny().stream()), config.allow());
  }

  /// An address to which a connection may be made now. Fails with a fault where the host has none.
  public Future<SocketAddress> find(Vertx vertx, URI url) {
    String host = host(url);
    if (isLiteral(host)) {
      return Future.succeededFuture(InetAddress.ofLiteral(host)).map(only -> choose(url, only));
    }
    return vertx
        .executeBlocking(() -> InetAddress.getAllByName(host), false)
        .map(found -> choose(url, found));
  }

  /// Refuses at once what no look-up is needed for.
  public void requireAllowed(URI url) {
    String host = host(url);
    if (isLiteral(host) && !allows(InetAddress.ofLiteral(host))) {
      throw refusal(url);
    }
  }

  private SocketAddress choose(URI url, InetAddress... found) {
    return Arrays.stream(found)
        .filter(this::allows)
        .findFirst()
        .map(address -> SocketAddress.inetSocketAddress(port(url), address.getHostAddress()))
        .orElseThrow(() -> refusal(url));
  }

  private boolean allows(InetAddress address) {
    return allow.stream().anyMatch(network -> network.contains(address))
        || deny.stream().noneMatch(network -> network.contains(address));
  }

  private static RuntimeException refusal(URI url) {
    return Fault.invalid(
            "url", "The fleet makes no connections to " + url.getHost() + " (see egress.deny).")
        .asException();
  }

  private static boolean isLiteral(String host) {
    try {
      return InetAddress.ofLiteral(host) != null;
    } catch (IllegalArgumentException aName) {
      return false;
    }
  }

  /// Without the brackets of IPv6.
  private static String host(URI url) {
    String host = String.valueOf(url.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(URI url) {
    if (url.getPort() > 0) {
      return url.getPort();
    }
    return switch (String.valueOf(url.getScheme())) {
      case "https", "wss" -> 443;
      default -> 80;
    };
  }
}
