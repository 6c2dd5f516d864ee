package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.auth.Accounts;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The cookies of a login in a browser. Scripts can read only the one that they have to send back
/// in a header: that is what another site cannot do.
///
/// @param access name of the cookie with the access token
record LoginCookies(String access, boolean https) {
  static final String REFRESH = "flotilla_refresh";
  static final String CSRF = "flotilla_csrf";
  private static final String EVERYWHERE = "/";
  private static final String API = "/api";

  static LoginCookies of(FleetConfig.Gateway config) {
    String url = config.publicUrl();
    return new LoginCookies(config.sessionCookie(), url != null && url.startsWith("https:"));
  }

  void set(HttpServerRequest request, Accounts.Admitted admitted, Instant now) {
    Duration session = Duration.between(now, admitted.grant().expiresAt());
    boolean secure = https || request.isSSL();
    put(request, access, admitted.accessToken(), EVERYWHERE, true, secure, admitted.lifetime());
    put(request, REFRESH, admitted.grant().refreshToken(), API, true, secure, session);
    put(request, CSRF, String.valueOf(admitted.grant().csrf()), EVERYWHERE, false, secure, session);
  }

  void clear(HttpServerRequest request) {
    boolean secure = https || request.isSSL();
    put(request, access, "", EVERYWHERE, true, secure, Duration.ZERO);
    put(request, REFRESH, "", API, true, secure, Duration.ZERO);
    put(request, CSRF, "", EVERYWHERE, false, secure, Duration.ZERO);
  }

  static @Nullable String refreshToken(HttpServerRequest request) {
    return Optional.ofNullable(request.getCookie(REFRESH)).map(Cookie::getValue).orElse(null);
  }

  private static void put(
      HttpServerRequest request,
      String name,
      String value,
      String path,
      boolean hidden,
      boolean secure,
      Duration life) {
    HttpServerResponse response = request.response();
    response.addCookie(
        Cookie.cookie(name, value)
            .setPath(path)
            .setHttpOnly(hidden)
            .setSecure(secure)
            .setSameSite(CookieSameSite.STRICT)
            .setMaxAge(life.toSeconds()));
  }
}
