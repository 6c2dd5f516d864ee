package dev.flotilla.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// A small OpenID provider on real HTTP with real RSA signatures. Everybody who comes is let in as
/// the [#person]; a code is good once, for its client, and with its verifier only.
public final class OidcSite implements AutoCloseable {
  public static final String CLIENT = "flotilla";
  public static final String SECRET = "the client's own secret";

  private record Asked(String challenge, String nonce, String redirect) {}

  private final Vertx vertx = Vertx.vertx();
  private final Issuer keys = new Issuer();
  private final Map<String, Asked> codes = new ConcurrentHashMap<>();
  private final HttpServer server;

  /// Who comes next: the claims that are theirs.
  public volatile JsonObject person = new JsonObject();

  /// What becomes of an ID token before it is signed.
  public volatile UnaryOperator<JsonObject> change = claims -> claims;

  /// The key that signs.
  public volatile String key = "RS256";

  public OidcSite() {
    server = vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1").await();
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort();
  }

  public Issuer keys() {
    return keys;
  }

  private void serve(HttpServerRequest request) {
    switch (request.path()) {
      case "/.well-known/openid-configuration" -> answer(request, 200, metadata());
      case "/keys" -> answer(request, 200, new JsonObject(keys.jwks()));
      case "/authorize" -> authorize(request);
      case "/token" -> request.setExpectMultipart(true).endHandler(_ -> token(request));
      default -> request.response().setStatusCode(404).end();
    }
  }

  private JsonObject metadata() {
    return new JsonObject()
        .put("issuer", url())
        .put("authorization_endpoint", url() + "/authorize")
        .put("token_endpoint", url() + "/token")
        .put("jwks_uri", url() + "/keys")
        .put("response_types_supported", new JsonArray().add("code"))
        .put("grant_types_supported", new JsonArray().add("authorization_code"))
        .put("code_challenge_methods_supported", new JsonArray().add("S256"));
  }

  private void authorize(HttpServerRequest request) {
    String code = UUID.randomUUID().toString();
    if (!CLIENT.equals(request.getParam("client_id"))
        || !"code".equals(request.getParam("response_type"))
        || !"S256".equals(request.getParam("code_challenge_method"))) {
      answer(request, 400, new JsonObject().put("error", "invalid_request"));
      return;
    }
    String redirect = request.getParam("redirect_uri");
    codes.put(
        code, new Asked(request.getParam("code_challenge"), request.getParam("nonce"), redirect));
    String state = URLEncoder.encode(request.getParam("state"), StandardCharsets.UTF_8);
    request
        .response()
        .setStatusCode(302)
        .putHeader("Location", redirect + "?code=" + code + "&state=" + state)
        .end();
  }

  private void token(HttpServerRequest request) {
    Asked asked = codes.remove(String.valueOf(request.getFormAttribute("code")));
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.UTF_8));
    if (asked == null
        || !basic.equals(request.getHeader("Authorization"))
        || !asked.redirect().equals(request.getFormAttribute("redirect_uri"))
        || !asked.challenge().equals(hash(request.getFormAttribute("code_verifier")))) {
      answer(request, 400, new JsonObject().put("error", "invalid_grant"));
      return;
    }
    long now = Instant.now().getEpochSecond();
    JsonObject claims =
        person
            .copy()
            .put("iss", url())
            .put("aud", CLIENT)
            .put("nonce", asked.nonce())
            .put("iat", now)
            .put("exp", now + 300);
    answer(
        request,
        200,
        new JsonObject()
            .put("access_token", UUID.randomUUID().toString())
            .put("token_type", "Bearer")
            .put("expires_in", 300)
            .put("id_token", keys.sign(key, change.apply(claims))));
  }

  private static String hash(String verifier) {
    try {
      return Issuer.encode(
          MessageDigest.getInstance("SHA-256")
              .digest(String.valueOf(verifier).getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException(absent);
    }
  }

  private static void answer(HttpServerRequest request, int status, JsonObject body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.encode());
  }

  @Override
  public void close() {
    keys.close();
    vertx.close().await();
  }
}
