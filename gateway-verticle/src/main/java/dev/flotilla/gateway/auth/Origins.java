package dev.flotilla.gateway.auth;

import dev.flotilla.config.FleetConfig;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which web pages may ask. Browsers say in `Origin` whose page it is; whatever else sends requests
/// may say what it likes there, and proves itself by its credential alone.
///
/// @param any pages of every origin may ask, but bring no cookies
/// @param named the origins that may; none means that of the host that the request names
/// @param https true where the fleet is reached over TLS: then no page is that came without
public record Origins(boolean any, Set<String> named, boolean https) {
  private static final String ANY = "*";
  private static final String SITE = "Sec-Fetch-Site";
  private static final String TLS = "https";
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  public static Origins of(FleetConfig.Gateway config) {
    List<String> allowed = config.allowedOrigins();
    String url = config.publicUrl();
    return new Origins(
        allowed.contains(ANY),
        allowed.stream().filter(one -> !one.equals(ANY)).collect(Collectors.toUnmodifiableSet()),
        url != null && url.startsWith(TLS + ":"));
  }

  /// True where no page asks, or one that may.
  public boolean admit(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null || any || vouchFor(origin, request);
  }

  /// True where a page asks that may bring the user's cookies: browsers send them along whosever
  /// page it is, and `*` does not mean that every page may act for the user.
  public boolean trust(HttpServerRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && vouchFor(origin, request);
  }

  /// The same for a request that only reads over HTTP: browsers leave `Origin` out of those that
  /// stay on their page's own origin, and show no other page the answer.
  public boolean trustToRead(HttpServerRequest request) {
    if (request.getHeader(HttpHeaders.ORIGIN) != null) {
      return trust(request);
    }
    String site = request.getHeader(SITE);
    return site == null || site.equals("same-origin") || site.equals("none");
  }

  private boolean vouchFor(String origin, HttpServerRequest request) {
    return named.isEmpty()
        ? isOwn(origin, request.authority(), https || request.isSSL())
        : named.contains(origin.toLowerCase(Locale.ROOT));
  }

  /// A proxy may have taken the TLS off, so a page over TLS is our own in any case.
  private static boolean isOwn(String origin, @Nullable HostAndPort asked, boolean https) {
    try {
      URI page = new URI(origin);
      boolean overTls = TLS.equalsIgnoreCase(page.getScheme());
      int standard = overTls ? HTTPS : HTTP;
      return asked != null
          && (overTls || !https)
          && asked.host().equalsIgnoreCase(page.getHost())
          && port(asked.port(), standard) == port(page.getPort(), standard);
    } catch (URISyntaxException notOne) {
      return false;
    }
  }

  private static int port(int named, int standard) {
    return named < 0 ? standard : named;
  }
}
