package dev.flotilla.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.Objects;

/// A request that came by way of trusted proxies. Whoever asks where it is from, how, and to which
/// host, hears what the client did: limits of addresses, cookies and origins need not know of
/// proxies.
final class ForwardedRequest extends HttpServerRequestWrapper {
  private final ForwardedClaim claim;

  ForwardedRequest(HttpServerRequestInternal request, ForwardedClaim claim) {
    super(request);
    this.claim = claim;
  }

  @Override
  public SocketAddress remoteAddress() {
    return claim.client() == null
        ? delegate.remoteAddress()
        : SocketAddress.inetSocketAddress(new InetSocketAddress(claim.client(), 0));
  }

  @Override
  public String scheme() {
    return Objects.requireNonNullElseGet(claim.scheme(), delegate::scheme);
  }

  @Override
  public boolean isSSL() {
    return claim.scheme() == null ? delegate.isSSL() : claim.scheme().equals("https");
  }

  @Override
  public HostAndPort authority() {
    return claim.host() == null ? delegate.authority() : claim.host();
  }

  @Override
  public HostAndPort authority(boolean real) {
    return real ? delegate.authority(true) : authority();
  }

  @Override
  public boolean isValidAuthority() {
    return delegate.isValidAuthority();
  }

  @Override
  public HttpServerRequest pause() {
    delegate.pause();
    return this;
  }
}
