package dev.flotilla.gateway.auth;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What may carry a credential, in the order in which it is looked for: the header, an offered
/// subprotocol, a ticket in the query, the cookie. The first that is there is the one that counts,
/// good or not. What a dialect's own frames bring is the dialect's affair, and wins over all.
///
/// @param cookie the name of the cookie
public record Carriers(String cookie, Origins origins) {
  private static final String SCHEME = "bearer ";
  private static final String OFFERED = "bearer.";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  /// What a page has to send beside a cookie of a login.
  public static final String CSRF = "X-CSRF-Token";

  private static final String TICKET = "ticket";
  private static final Credential NO_TICKET = new Credential.Ticket(new Secret(""));
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  public static Carriers of(FleetConfig.Gateway config) {
    return new Carriers(config.sessionCookie(), Origins.of(config));
  }

  /// Of a request for a WebSocket. Browsers let any page open one, cookies included, and read it:
  /// so a cookie counts only with the `Origin` of a page that may.
  public Credential ofUpgrade(HttpServerRequest request) {
    return header(request)
        .or(() -> offered(request))
        .or(() -> ticket(request))
        .or(() -> cookie(request, origins.trust(request)))
        .orElseGet(() -> none(request));
  }

  /// Of a request for the event stream.
  public Credential ofStream(HttpServerRequest request) {
    return header(request)
        .or(() -> ticket(request))
        .or(() -> cookie(request, origins.trustToRead(request)))
        .orElseGet(() -> none(request));
  }

  /// Of any other request.
  ///
  /// @param changesState true where a page that the user only visits must not be able to send it
  public Credential ofRequest(HttpServerRequest request, boolean changesState) {
    return header(request)
        .or(
            () ->
                changesState
                    ? cookie(request, origins.trust(request)).map(found -> guarded(found, request))
                    : cookie(request, origins.trustToRead(request)))
        .orElseGet(() -> none(request));
  }

  /// Of a request that only a bearer may send.
  public static Credential ofHeader(HttpServerRequest request) {
    return header(request).orElseGet(() -> none(request));
  }

  private static Optional<Credential> header(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
        .map(header -> token(header.substring(SCHEME.length()).strip()));
  }

  private static Optional<Credential> offered(HttpServerRequest request) {
    return request.headers().getAll(PROTOCOLS).stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(OFFERED))
        .findFirst()
        .map(protocol -> token(protocol.substring(OFFERED.length())));
  }

  private static Optional<Credential> ticket(HttpServerRequest request) {
    try {
      return Optional.ofNullable(request.getParam(TICKET))
          .map(ticket -> new Credential.Ticket(new Secret(ticket)));
    } catch (IllegalArgumentException undecodable) {
      return Optional.of(NO_TICKET); // Whatever the query was to say, it is refused.
    }
  }

  private Optional<Credential> cookie(HttpServerRequest request, boolean trusted) {
    return Optional.ofNullable(request.getCookie(cookie))
        .map(Cookie::getValue)
        .map(value -> trusted ? token(value) : new Credential.Unfit(originRefused()));
  }

  private static Credential guarded(Credential found, HttpServerRequest request) {
    String csrf = request.getHeader(CSRF);
    return found instanceof Credential.Token(Secret token)
        ? new Credential.Cookie(token, csrf == null ? null : new Secret(csrf))
        : found;
  }

  private static Credential token(String token) {
    return new Credential.Token(token);
  }

  private static Credential none(HttpServerRequest request) {
    HostAndPort asked = request.authority();
    return new Credential.None(
        asked != null && LOOPBACK.contains(asked.host().toLowerCase(Locale.ROOT)));
  }

  private static Fault originRefused() {
    return Fault.of(
        Reason.ORIGIN_NOT_ALLOWED, "A cookie counts only with an Origin that is allowed.");
  }
}
