package dev.flotilla.gateway.http;

import dev.flotilla.config.Cidr;
import dev.flotilla.config.Http;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The proxies whose word counts. What anybody else says in `Forwarded` or `X-Forwarded-*` is not
/// even looked at.
public record Proxies(List<Cidr> trusted) {
  public Proxies {
    trusted = List.copyOf(trusted);
  }

  public static Proxies of(Http config) {
    return new Proxies(config.proxies());
  }

  /// The request as the client has sent it to the outermost trusted proxy.
  HttpServerRequest outside(HttpServerRequest request) {
    if (trusted.isEmpty() || !(request instanceof HttpServerRequestInternal own)) {
      return request;
    }
    SocketAddress peer = request.remoteAddress();
    InetAddress address = peer == null ? null : literal(peer.hostAddress());
    if (address == null || !trusts(address)) {
      return request;
    }
    ForwardedClaim claim = ForwardedClaim.of(request.headers(), this);
    return claim.isEmpty() ? request : new ForwardedRequest(own, claim);
  }

  boolean trusts(InetAddress address) {
    return trusted.stream().anyMatch(range -> range.contains(address));
  }

  /// Null for what is no address; no name is looked up.
  static @Nullable InetAddress literal(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException name) {
      return null;
    }
  }
}
