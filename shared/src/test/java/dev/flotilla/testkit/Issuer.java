package dev.flotilla.testkit;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Somebody else who signs tokens: real keys, real signatures, and the public ones on real HTTP. It
/// signs by hand, so that the library under test is not its own judge.
public final class Issuer implements AutoCloseable {
  public static final String NAME = "https://issuer.test";
  public static final String AUDIENCE = "flotilla-tests";

  /// An algorithm, and how the JDK calls it.
  public enum Kind {
    RS256("RSA", 2048, "SHA256withRSA"),
    ES256("EC", 256, "SHA256withECDSAinP1363Format"),
    EdDSA("Ed25519", 255, "Ed25519");

    private final String keys;
    private final int bits;
    private final String signature;

    Kind(String keys, int bits, String signature) {
      this.keys = keys;
      this.bits = bits;
      this.signature = signature;
    }

    public KeyPair pair() {
      return pair(bits);
    }

    public KeyPair pair(int size) {
      try {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(keys);
        generator.initialize(size);
        return generator.generateKeyPair();
      } catch (GeneralSecurityException absent) {
        throw new IllegalStateException(absent);
      }
    }
  }

  private record Held(Kind kind, KeyPair pair) {}

  private final Map<String, Held> held = new ConcurrentHashMap<>();
  private final Map<String, JsonObject> published = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private volatile boolean away;

  public Issuer() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  asked.incrementAndGet();
                  if (away) {
                    request.response().setStatusCode(503).end();
                  } else {
                    request.response().end(jwks());
                  }
                })
            .listen(0, "127.0.0.1")
            .await();
    for (Kind kind : Kind.values()) {
      add(kind.name(), kind);
    }
  }

  public String url() {
    return "http://127.0.0.1:" + server.actualPort() + "/keys";
  }

  public String jwks() {
    return new JsonObject()
        .put("keys", new JsonArray(published.values().stream().toList()))
        .encode();
  }

  /// How often it was asked for its keys.
  public int asked() {
    return asked.get();
  }

  public void away(boolean now) {
    away = now;
  }

  public PublicKey add(String kid, Kind kind) {
    KeyPair pair = kind.pair();
    held.put(kid, new Held(kind, pair));
    publish(jwk(kid, kind, pair.getPublic()));
    return pair.getPublic();
  }

  public void publish(JsonObject jwk) {
    published.put(jwk.getString("kid"), jwk);
  }

  /// Tokens of the key can still be signed here, but are no good any more.
  public void takeOut(String kid) {
    published.remove(kid);
  }

  public PublicKey publicKey(String kid) {
    return one(kid).pair().getPublic();
  }

  private Held one(String kid) {
    return Objects.requireNonNull(held.get(kid));
  }

  /// Claims with which everything is right.
  public static JsonObject claims(String tenant, String user, String role) {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", NAME)
        .put("aud", new JsonArray().add(AUDIENCE))
        .put("sub", user)
        .put("tenant_id", tenant)
        .put("user_id", user)
        .put("roles", new JsonArray().add(role))
        .put("iat", now - 60)
        .put("exp", now + 600);
  }

  public String sign(String kid, JsonObject claims) {
    return sign(head(one(kid).kind()).put("kid", kid), claims, kid);
  }

  public static JsonObject head(Kind kind) {
    return new JsonObject().put("alg", kind.name()).put("typ", "JWT");
  }

  /// With the key of that name, whatever the head says.
  public String sign(JsonObject head, JsonObject claims, String kid) {
    return sign(head, claims, one(kid).kind(), one(kid).pair().getPrivate());
  }

  public static String sign(JsonObject head, JsonObject claims, Kind kind, PrivateKey key) {
    String text = encode(head) + "." + encode(claims);
    try {
      Signature signature = Signature.getInstance(kind.signature);
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return text + "." + encode(signature.sign());
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException(bug);
    }
  }

  public static JsonObject jwk(String kid, Kind kind, PublicKey key) {
    JsonObject jwk = new JsonObject().put("kid", kid).put("use", "sig").put("alg", kind.name());
    return switch (key) {
      case RSAPublicKey rsa ->
          jwk.put("kty", "RSA")
              .put("n", encode(unsigned(rsa.getModulus(), 0)))
              .put("e", encode(unsigned(rsa.getPublicExponent(), 0)));
      case ECPublicKey ec ->
          jwk.put("kty", "EC")
              .put("crv", "P-256")
              .put("x", encode(unsigned(ec.getW().getAffineX(), 32)))
              .put("y", encode(unsigned(ec.getW().getAffineY(), 32)));
      default -> {
        byte[] der = key.getEncoded();
        yield jwk.put("kty", "OKP")
            .put("crv", "Ed25519")
            .put("x", encode(Arrays.copyOfRange(der, der.length - 32, der.length)));
      }
    };
  }

  private static byte[] unsigned(BigInteger number, int length) {
    byte[] bytes = number.toByteArray();
    byte[] plain = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    byte[] padded = new byte[Math.max(length, plain.length)];
    System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
    return padded;
  }

  public static String encode(JsonObject part) {
    return encode(part.encode().getBytes(StandardCharsets.UTF_8));
  }

  public static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
