package dev.flotilla.gateway.auth;

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
public record Origins(boolean any, Set<String> named) {
  private static final String ANY = "*";
  private static final String SITE = "Sec-Fetch-Site";
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /// @param allowed as in `gateway.allowedOrigins`
  public static Origins of(List<String> allowed) {
    return new Origins(
        allowed.contains(ANY),
        allowed.stream().filter(one -> !one.equals(ANY)).collect(Collectors.toUnmodifiableSet()));
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
        ? isOwn(origin, request.authority())
        : named.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean isOwn(String origin, @Nullable HostAndPort asked) {
    try {
      URI page = new URI(origin);
      int standard = "https".equalsIgnoreCase(page.getScheme()) ? HTTPS : HTTP;
      return asked != null
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
