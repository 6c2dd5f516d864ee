package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.account.Grant;
import dev.flotilla.account.LoginAsk;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Registration;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.UserId;
import dev.flotilla.testkit.Ports;
import io.vertx.core.Future;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ForwardedIT {
  private static final String ORIGIN = "https://ops.example.com";
  private static final Map<String, String> FORWARDED =
      Map.of(
          "X-Forwarded-For", "203.0.113.9",
          "X-Forwarded-Proto", "https",
          "X-Forwarded-Host", "ops.example.com",
          "Origin", ORIGIN);

  @Test
  void aTrustedProxySaysWhereARequestIsFrom() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_HTTP_TRUSTED_PROXIES", "127.0.0.0/8,::1"))) {
      HttpResponse<String> answer = Http.get(gateways.port(), "/health/live", FORWARDED);
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains(ORIGIN);
      assertThat(addressOfLogin(gateways)).isEqualTo("203.0.113.9");
      // The client has come over TLS: what it is given to keep goes over nothing else.
      assertThat(cookiesOfLogin(gateways)).hasSize(3).allMatch(text -> text.contains("Secure"));
    }
  }

  @Test
  void nobodyElseDoes() {
    try (Gateways gateways =
        Gateways.start(Map.of("FLOTILLA_HTTP_TRUSTED_PROXIES", "192.0.2.0/24"))) {
      HttpResponse<String> answer = Http.get(gateways.port(), "/health/live", FORWARDED);
      assertThat(answer.headers().firstValue("Strict-Transport-Security")).isEmpty();
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(addressOfLogin(gateways)).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void aLoadBalancerSaysItWithThePROXYProtocol() {
    try (Gateways gateways = Gateways.start(Map.of("FLOTILLA_HTTP_PROXY_PROTOCOL", "true"))) {
      List<LoginAsk> asked = new CopyOnWriteArrayList<>();
      Registration logins = logins(gateways, asked);
      String body = "{\"username\":\"alice\",\"password\":\"x\"}";
      try (RawSocket raw = new RawSocket(gateways.port())) {
        raw.write(
            ("PROXY TCP4 203.0.113.77 127.0.0.1 4711 8080\r\n"
                    + "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body)
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(raw.readHead()).contains(" 401 ");
      }
      assertThat(asked).extracting(LoginAsk::address).containsExactly("203.0.113.77");
      logins.close().await();
    }
  }

  @Test
  void whoTriesToComeInByWayOfAProviderIsSlowedDownToo() {
    String nowhere = "http://127.0.0.1:" + Ports.free();
    try (Gateways gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_ACCOUNTS_ADDRESS_ATTEMPTS", "3",
                "FLOTILLA_IDENTITY_OIDC_ISSUER", nowhere,
                "FLOTILLA_IDENTITY_OIDC_CLIENT_ID", "flotilla",
                "FLOTILLA_IDENTITY_OIDC_CALLBACK", nowhere + "/api/v1/auth/oidc/callback",
                "FLOTILLA_IDENTITY_OIDC_TENANT", "acme",
                "FLOTILLA_IDENTITY_OIDC_ROLES", "ops=operator"))) {
      String path = "/api/v1/auth/oidc/";
      await().until(() -> status(Http.get(gateways.port(), path + "callback", Map.of())) == 429);
      Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
      await()
          .until(
              () ->
                  status(
                          Http.post(
                              gateways.port(), path + "backchannel-logout", form, "logout_token=x"))
                      == 429);
    }
  }

  private static int status(HttpResponse<String> answer) {
    return answer.statusCode();
  }

  private static String addressOfLogin(Gateways gateways) {
    List<LoginAsk> asked = new CopyOnWriteArrayList<>();
    Registration logins = logins(gateways, asked);
    Http.post(
        gateways.port(),
        "/api/v1/auth/login",
        FORWARDED,
        "{\"username\":\"alice\",\"password\":\"x\"}");
    logins.close().await();
    return String.valueOf(asked.getFirst().address());
  }

  private static List<String> cookiesOfLogin(Gateways gateways) {
    Instant end = Instant.now().plusSeconds(3_600);
    Grant grant =
        new Grant(
            Gateways.ACME, new UserId("alice"), Set.of(Role.VIEWER), "s-1", "refresh", "csrf", end);
    Registration logins =
        gateways.bus().answer(Addresses.LOGIN, _ -> Future.succeededFuture(grant));
    logins.ready().await();
    String body = "{\"username\":\"alice\",\"password\":\"x\",\"cookie\":true}";
    HttpResponse<String> answer = Http.post(gateways.port(), "/api/v1/auth/login", FORWARDED, body);
    logins.close().await();
    return answer.headers().allValues("Set-Cookie");
  }

  private static Registration logins(Gateways gateways, List<LoginAsk> asked) {
    Registration logins =
        gateways
            .bus()
            .answer(
                Addresses.LOGIN,
                ask -> {
                  asked.add(ask);
                  return Future.failedFuture(
                      Fault.of(Reason.LOGIN_FAILED, "Not in this test.").asException());
                });
    logins.ready().await();
    return logins;
  }
}
