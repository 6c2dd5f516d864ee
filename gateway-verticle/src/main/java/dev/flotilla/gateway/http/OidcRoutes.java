package dev.flotilla.gateway.http;

import dev.flotilla.account.OidcAsk;
import dev.flotilla.account.OidcLogoutAsk;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Accounts;
import dev.flotilla.gateway.auth.Journey;
import dev.flotilla.gateway.auth.Provider;
import dev.flotilla.gateway.auth.Whom;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.LogoutToken;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Logging in at a provider: `GET /auth/oidc/login` sends a browser there, and `callback` takes it
/// in again, with the cookies of a login. At `backchannel-logout` the provider says who has logged
/// out there.
///
/// @param issuer the provider's name
/// @param secret seals what the browser carries
record OidcRoutes(
    Edge edge,
    Accounts accounts,
    Provider provider,
    LoginCookies cookies,
    String issuer,
    Secret secret) {
  static final String JOURNEY = "flotilla_oidc";
  private static final String PATH = "/api";
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final String LOGOUT_TOKEN = "logout_token";
  private static final int MAX_BODY = 32_768;

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.get(prefix + "/auth/oidc/login").handler(this::leave);
      router.get(prefix + "/auth/oidc/callback").handler(this::comeBack);
      router.post(prefix + "/auth/oidc/backchannel-logout").handler(this::loggedOut);
    }
  }

  private void leave(RoutingContext context) {
    Journey journey = Journey.begin(param(context, "redirect"), edge.now().plus(LONGEST));
    edge.here(provider.entrance(journey))
        .onComplete(
            url -> {
              carry(context, journey.seal(secret), LONGEST);
              context.response().setStatusCode(302).putHeader(HttpHeaders.LOCATION, url).end();
            },
            context::fail);
  }

  private void comeBack(RoutingContext context) {
    Cookie carried = context.request().getCookie(JOURNEY);
    Journey journey =
        Journey.open(
                carried == null ? null : carried.getValue(),
                param(context, "state"),
                secret,
                edge.now())
            .orElse(null);
    String code = param(context, "code");
    Fault limited = accounts.tryFrom(AuthRoutes.address(context));
    if (limited != null) {
      context.fail(limited.asException());
    } else if (journey == null) {
      context.fail(refused("This login was not begun here, or long ago."));
    } else if (code == null) {
      context.fail(refused("The provider does not vouch for you."));
    } else {
      edge.here(
              provider.identify(code, journey).compose(whom -> accounts.login(ask(context, whom))))
          .onComplete(admitted -> welcome(context, journey, admitted), context::fail);
    }
  }

  private OidcAsk ask(RoutingContext context, Whom whom) {
    return new OidcAsk(
        whom.tenant(),
        whom.user(),
        whom.roles(),
        issuer,
        whom.subject(),
        whom.providerSession(),
        AuthRoutes.address(context),
        context.request().getHeader(HttpHeaders.USER_AGENT),
        Correlation.of(context));
  }

  /// The provider itself comes here, without a browser: what it shows is the token's signature.
  private void loggedOut(RoutingContext context) {
    Fault limited = accounts.tryFrom(AuthRoutes.address(context));
    if (limited != null) {
      context.fail(limited.asException());
      return;
    }
    HttpServerRequest request = context.request();
    request.pause();
    edge.here(
            Body.form(request, MAX_BODY)
                .map(form -> form.get(LOGOUT_TOKEN))
                .compose(
                    token ->
                        token == null
                            ? Future.failedFuture(
                                Fault.invalid(LOGOUT_TOKEN, "It is needed.").asException())
                            : provider.loggedOut(token))
                .compose(token -> accounts.logout(ask(context, token))))
        .onComplete(
            _ -> context.response().end(), failure -> context.fail(asTheProviderExpects(failure)));
  }

  private OidcLogoutAsk ask(RoutingContext context, LogoutToken token) {
    return new OidcLogoutAsk(
        issuer,
        token.subject(),
        token.session(),
        token.id(),
        token.issuedAt(),
        AuthRoutes.address(context),
        Correlation.of(context));
  }

  /// A token that is not right is a bad request to the specification, and nobody's lost login.
  private static Throwable asTheProviderExpects(Throwable failure) {
    Fault fault = FaultException.in(failure);
    return fault != null && fault.code() == FaultCode.AUTHENTICATION_FAILED
        ? Fault.invalid(LOGOUT_TOKEN, fault.message()).asException()
        : failure;
  }

  /// A page, and no redirect: a browser that was sent on by another site would leave cookies that
  /// are for our own pages at home.
  private void welcome(RoutingContext context, Journey journey, Accounts.Admitted admitted) {
    if (context.response().closed()) {
      return;
    }
    carry(context, "", Duration.ZERO);
    cookies.set(context.request(), admitted, edge.now());
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(
            "<!doctype html><title>Flotilla</title><meta http-equiv=\"refresh\" content=\"0;url="
                + journey.target().replace("&", "&amp;")
                + "\">");
  }

  /// The provider's answer comes from another site, so this one cookie is laxer than the others.
  private void carry(RoutingContext context, String sealed, Duration life) {
    context
        .response()
        .addCookie(
            Cookie.cookie(JOURNEY, sealed)
                .setPath(PATH)
                .setHttpOnly(true)
                .setSecure(cookies.https() || context.request().isSSL())
                .setSameSite(CookieSameSite.LAX)
                .setMaxAge(life.toSeconds()));
  }

  private static RuntimeException refused(String why) {
    return Fault.of(Reason.LOGIN_FAILED, why).asException();
  }

  private static @Nullable String param(RoutingContext context, String name) {
    return context.queryParams().get(name);
  }
}
