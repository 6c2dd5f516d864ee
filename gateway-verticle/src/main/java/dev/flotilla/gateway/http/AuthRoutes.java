package dev.flotilla.gateway.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.account.LoginAsk;
import dev.flotilla.account.LogoutAsk;
import dev.flotilla.account.RefreshAsk;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Accounts;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `login`, `refresh`, `logout` and `me` under `/api/v1/auth` and `/api/auth`. Scripts get their
/// tokens in the answer; browsers ask for cookies, and then no script of the page sees a token.
record AuthRoutes(Edge edge, Accounts accounts, Carriers carriers, LoginCookies cookies) {
  private static final int MAX_BODY = 8_192;
  private static final String BEARER = "Bearer";

  /// @param csrfToken to be sent as `X-CSRF-Token`, where the tokens are in cookies
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @JsonNaming(SnakeCaseStrategy.class)
  private record Tokens(
      boolean success,
      @Nullable String accessToken,
      @Nullable String refreshToken,
      @Nullable String tokenType,
      @Nullable String csrfToken,
      long expiresIn,
      Instant sessionExpiresAt,
      Whose user) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record Whose(String id, String username, String tenantId, List<Role> roles) {}

  @JsonNaming(SnakeCaseStrategy.class)
  private record Me(
      String id,
      String username,
      String tenantId,
      List<Role> roles,
      List<Scope> scopes,
      String proof,
      Instant expiresAt) {}

  private record Done(boolean success) {}

  /// A refresh token and what carried it.
  private record Carried(@Nullable String token, boolean byCookie) {}

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      router.post(prefix + "/auth/login").handler(this::login);
      router.post(prefix + "/auth/refresh").handler(this::refresh);
      router.post(prefix + "/auth/logout").handler(this::logout);
      router.get(prefix + "/auth/me").handler(this::me);
    }
  }

  private void login(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.pause();
    Body.json(request, MAX_BODY)
        .map(body -> LoginBody.of(body, accounts.defaultTenant()))
        .compose(
            body -> {
              requireOwnPage(request, body.cookie());
              return accounts.login(ask(context, body));
            })
        .onComplete(admitted -> answer(context, admitted), context::fail);
  }

  private static LoginAsk ask(RoutingContext context, LoginBody body) {
    return new LoginAsk(
        body.tenant(),
        body.name(),
        body.password(),
        body.cookie(),
        address(context),
        context.request().getHeader(HttpHeaders.USER_AGENT),
        Correlation.of(context));
  }

  private void refresh(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.pause();
    Body.json(request, MAX_BODY)
        .map(body -> carried(request, body))
        .compose(
            carried -> {
              if (carried.token() == null) {
                throw Fault.of(Reason.TOKEN_MISSING, "A refresh_token is required.").asException();
              }
              requireOwnPage(request, carried.byCookie());
              return accounts.refresh(
                  new RefreshAsk(
                      carried.token(),
                      carried.byCookie(),
                      request.getHeader(Carriers.CSRF),
                      address(context),
                      Correlation.of(context)));
            })
        .onComplete(admitted -> answer(context, admitted), context::fail);
  }

  /// By the access token where one is shown that is good, else by the refresh token.
  private void logout(RoutingContext context) {
    HttpServerRequest request = context.request();
    Credential credential = carriers.ofRequest(request, true);
    request.pause();
    Body.json(request, MAX_BODY)
        .map(body -> carried(request, body))
        .compose(carried -> logout(context, credential, carried))
        .onComplete(
            _ -> {
              cookies.clear(request);
              send(context, new Done(true));
            },
            context::fail);
  }

  private Future<?> logout(RoutingContext context, Credential credential, Carried carried) {
    return edge.authenticator()
        .authenticate(credential, Via.REST)
        .map(principal -> ask(context, principal, null, false))
        .recover(
            failure -> {
              Fault fault = FaultException.in(failure);
              boolean mayGoOn = fault == null || fault.reason() != Reason.CSRF_REFUSED;
              if (carried.token() == null || !mayGoOn) {
                return Future.failedFuture(failure);
              }
              requireOwnPage(context.request(), carried.byCookie());
              return Future.succeededFuture(
                  ask(context, null, carried.token(), carried.byCookie()));
            })
        .compose(accounts::logout);
  }

  private static LogoutAsk ask(
      RoutingContext context,
      @Nullable Principal principal,
      @Nullable String token,
      boolean byCookie) {
    return new LogoutAsk(
        principal,
        token,
        byCookie,
        context.request().getHeader(Carriers.CSRF),
        address(context),
        Correlation.of(context));
  }

  private void me(RoutingContext context) {
    edge.authenticator()
        .authenticate(carriers.ofRequest(context.request(), false), Via.REST)
        .onComplete(principal -> send(context, me(principal)), context::fail);
  }

  private static Me me(Principal principal) {
    return new Me(
        principal.user().value(),
        principal.user().value(),
        principal.tenant().value(),
        principal.roles().stream().sorted().toList(),
        principal.scopes().stream().sorted().toList(),
        principal.proof().text(),
        principal.expiresAt());
  }

  private void answer(RoutingContext context, Accounts.Admitted admitted) {
    var grant = admitted.grant();
    String csrf = grant.csrf();
    boolean byCookie = csrf != null;
    if (byCookie && !context.response().closed()) {
      cookies.set(context.request(), admitted, edge.now());
    }
    send(
        context,
        new Tokens(
            true,
            byCookie ? null : admitted.accessToken(),
            byCookie ? null : grant.refreshToken(),
            byCookie ? null : BEARER,
            csrf,
            admitted.lifetime().toSeconds(),
            grant.expiresAt(),
            new Whose(
                grant.user().value(),
                grant.user().value(),
                grant.tenant().value(),
                grant.roles().stream().sorted().toList())));
  }

  private static void send(RoutingContext context, Object body) {
    if (!context.response().closed()) {
      JsonAnswer.send(context, 200, body);
    }
  }

  /// What the body says counts before the cookie.
  private static Carried carried(HttpServerRequest request, ObjectNode body) {
    String token = LoginBody.text(body, "refresh_token");
    return token == null
        ? new Carried(LoginCookies.refreshToken(request), true)
        : new Carried(token, false);
  }

  /// A page of another site could log its visitor in as somebody else, and see what they do.
  private void requireOwnPage(HttpServerRequest request, boolean byCookie) {
    if (byCookie && !carriers.origins().trust(request)) {
      throw Fault.of(
              Reason.ORIGIN_NOT_ALLOWED, "A cookie counts only with an Origin that is allowed.")
          .asException();
    }
  }

  static @Nullable String address(RoutingContext context) {
    var remote = context.request().remoteAddress();
    return remote == null ? null : remote.hostAddress();
  }
}
