package dev.flotilla.identity;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key that verifies tokens of one algorithm. It has a verifier of its own, which knows no other
/// key and no other algorithm: nothing in a token can lead to another.
///
/// @param kid its name, where it has one
record TrustedKey(@Nullable String kid, String algorithm, JWTAuth verifier) {
  static final String HS256 = "HS256";
  static final String RS256 = "RS256";
  static final String ES256 = "ES256";
  static final String EDDSA = "EdDSA";

  private static final int SHORTEST_RSA = 2048;

  static TrustedKey ofSecret(Vertx vertx, String secret, JWTOptions expected) {
    PubSecKeyOptions key = new PubSecKeyOptions().setAlgorithm(HS256).setBuffer(secret);
    return new TrustedKey(
        null,
        HS256,
        JWTAuth.create(vertx, new JWTAuthOptions().addPubSecKey(key).setJWTOptions(expected)));
  }

  /// A public key of a JWKS; empty where it is for something else, or too weak.
  static Optional<TrustedKey> ofJwk(Vertx vertx, JsonObject jwk, JWTOptions expected) {
    String algorithm = algorithm(jwk);
    if (algorithm == null
        || !jwk.getString("alg", algorithm).equals(algorithm)
        || !jwk.getString("use", "sig").equals("sig")) {
      return Optional.empty();
    }
    JsonObject key = new JsonObject().put("use", "sig").put("alg", algorithm);
    for (String member : new String[] {"kty", "crv", "n", "e", "x", "y"}) {
      if (jwk.containsKey(member)) {
        key.put(member, jwk.getString(member));
      }
    }
    JWTOptions options = new JWTOptions(expected).setAlgorithm(algorithm);
    return Optional.of(
        new TrustedKey(
            jwk.getString("kid"),
            algorithm,
            JWTAuth.create(vertx, new JWTAuthOptions().addJwk(key).setJWTOptions(options))));
  }

  /// What a key is good for follows from what it is.
  private static @Nullable String algorithm(JsonObject jwk) {
    String curve = jwk.getString("crv", "");
    return switch (jwk.getString("kty", "")) {
      case "RSA" -> bits(jwk.getString("n", "")) >= SHORTEST_RSA ? RS256 : null;
      case "EC" -> curve.equals("P-256") ? ES256 : null;
      case "OKP" -> curve.equals("Ed25519") ? EDDSA : null;
      default -> null;
    };
  }

  private static int bits(String modulus) {
    return new BigInteger(1, Base64.getUrlDecoder().decode(modulus)).bitLength();
  }

  boolean fits(JwtHead head) {
    return algorithm.equals(head.algorithm())
        && (kid == null || head.kid() == null || kid.equals(head.kid()));
  }
}
