package dev.flotilla.fleet.access;

import dev.flotilla.testkit.Issuer;
import dev.flotilla.testkit.Issuer.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens that must open nothing, each with the reason that its bearer is told.
enum BadToken {
  GARBAGE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return "not.a.token";
    }
  },
  SIGNED_WITH_ANOTHER_SECRET("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return signed(head("HS256"), claims(), "another secret that is long enough..", "HmacSHA256");
    }
  },
  CHANGED_AFTER_SIGNING("TOKEN_INVALID") {
    @Override
    String make(House house) {
      String[] good = good(house, claims()).split("\\.", -1);
      return good[0] + "." + encode(claims().put("tenant_id", "victim")) + "." + good[2];
    }
  },
  NOT_SIGNED("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return encode(head("none")) + "." + encode(claims()) + ".";
    }
  },
  NOT_SIGNED_IN_CAPITALS("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return encode(head("NoNe")) + "." + encode(claims()) + ".";
    }
  },
  ANOTHER_HASH("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return signed(head("HS512"), claims(), secret(house), "HmacSHA512");
    }
  },
  SECRET_TAKEN_FOR_A_PUBLIC_KEY("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return signed(head("RS256"), claims(), secret(house), "HmacSHA256");
    }
  },
  BRINGS_ITS_OWN_KEY("TOKEN_INVALID") {
    @Override
    String make(House house) {
      String own = "a key that the bearer has made up....";
      JsonObject jwk =
          new JsonObject().put("kty", "oct").put("k", encode(own.getBytes(StandardCharsets.UTF_8)));
      return signed(
          head("HS256").put("jwk", jwk).put("kid", "../../dev/null"), claims(), own, "HmacSHA256");
    }
  },
  OVER("TOKEN_EXPIRED") {
    @Override
    String make(House house) {
      return good(house, claims().put("exp", now() - 5));
    }
  },
  BEFORE_ITS_TIME("TOKEN_NOT_YET_VALID") {
    @Override
    String make(House house) {
      return good(house, claims().put("nbf", now() + 600));
    }
  },
  WITHOUT_AN_END("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return good(house, without("exp"));
    }
  },
  OF_ANOTHER_ISSUER("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return good(house, claims().put("iss", "somebody-else"));
    }
  },
  FOR_ANOTHER_AUDIENCE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return good(house, claims().put("aud", new JsonArray().add("something-else")));
    }
  },
  OF_NO_TENANT("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return good(house, without("tenant_id"));
    }
  },
  OF_A_TENANT_THAT_CANNOT_BE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return good(house, claims().put("tenant_id", "a:b/../c"));
    }
  },
  REVOKED("TOKEN_REVOKED") {
    @Override
    String make(House house) {
      return good(house, claims().put("user_id", "gone"));
    }
  },
  FOREIGN_WITH_A_KEY_THAT_NOBODY_KNOWS("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return Issuer.sign(
          Issuer.head(Kind.RS256).put("kid", "RS256"),
          foreign(),
          Kind.RS256,
          Kind.RS256.pair().getPrivate());
    }
  },
  FOREIGN_UNDER_A_NAME_THAT_NOBODY_KNOWS("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign(Issuer.head(Kind.RS256).put("kid", "made up"), foreign(), "RS256");
    }
  },
  FOREIGN_WITH_ITS_PUBLIC_KEY_AS_SECRET("TOKEN_INVALID") {
    @Override
    String make(House house) {
      String pem =
          "-----BEGIN PUBLIC KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'})
                  .encodeToString(OTHER.publicKey("RS256").getEncoded())
              + "\n-----END PUBLIC KEY-----\n";
      return signed(head("HS256").put("kid", "RS256"), foreign(), pem, "HmacSHA256");
    }
  },
  FOREIGN_THAT_NAMES_ANOTHER_ALGORITHM("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign(Issuer.head(Kind.ES256).put("kid", "ES256"), foreign(), "RS256");
    }
  },
  FOREIGN_WITH_A_KEY_OF_ANOTHER_KIND("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign(Issuer.head(Kind.RS256).put("kid", "ES256"), foreign(), "RS256");
    }
  },
  FOREIGN_WITH_ANOTHER_HASH("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign(
          Issuer.head(Kind.RS256).put("alg", "RS512").put("kid", "RS256"), foreign(), "RS256");
    }
  },
  FOREIGN_AND_NOT_SIGNED("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return Issuer.encode(Issuer.head(Kind.RS256).put("alg", "none").put("kid", "RS256"))
          + "."
          + Issuer.encode(foreign())
          + ".";
    }
  },
  FOREIGN_WITHOUT_ITS_SIGNATURE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      String good = OTHER.sign("RS256", foreign());
      return good.substring(0, good.lastIndexOf('.') + 1);
    }
  },
  FOREIGN_WITH_A_SIGNATURE_OF_NOTHING("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return Issuer.encode(Issuer.head(Kind.ES256).put("kid", "ES256"))
          + "."
          + Issuer.encode(foreign())
          + "."
          + Issuer.encode(new byte[64]);
    }
  },
  FOREIGN_THAT_WANTS_TO_BE_UNDERSTOOD("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign(
          Issuer.head(Kind.RS256).put("kid", "RS256").put("crit", new JsonArray().add("b64")),
          foreign(),
          "RS256");
    }
  },
  FOREIGN_THAT_BRINGS_ITS_OWN_KEY("TOKEN_INVALID") {
    @Override
    String make(House house) {
      var pair = Kind.RS256.pair();
      return Issuer.sign(
          Issuer.head(Kind.RS256)
              .put("jwk", Issuer.jwk("own", Kind.RS256, pair.getPublic()))
              .put("jku", "http://127.0.0.1:1/keys"),
          foreign(),
          Kind.RS256,
          pair.getPrivate());
    }
  },
  FOREIGN_CHANGED_AFTER_SIGNING("TOKEN_INVALID") {
    @Override
    String make(House house) {
      String[] good = OTHER.sign("EdDSA", foreign()).split("\\.", -1);
      return good[0] + "." + Issuer.encode(foreign().put("tenant_id", "victim")) + "." + good[2];
    }
  },
  FOREIGN_AND_OVER("TOKEN_EXPIRED") {
    @Override
    String make(House house) {
      return OTHER.sign("ES256", foreign().put("exp", now() - 300));
    }
  },
  FOREIGN_BEFORE_ITS_TIME("TOKEN_NOT_YET_VALID") {
    @Override
    String make(House house) {
      return OTHER.sign("EdDSA", foreign().put("nbf", now() + 600));
    }
  },
  FOREIGN_WITHOUT_AN_END("TOKEN_INVALID") {
    @Override
    String make(House house) {
      JsonObject claims = foreign();
      claims.remove("exp");
      return OTHER.sign("RS256", claims);
    }
  },
  FOREIGN_OF_ANOTHER_ISSUER("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign("RS256", foreign().put("iss", ISSUER));
    }
  },
  FOREIGN_FOR_ANOTHER_AUDIENCE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign("RS256", foreign().put("aud", new JsonArray().add(AUDIENCE)));
    }
  },
  FOREIGN_OF_NO_TENANT("TOKEN_INVALID") {
    @Override
    String make(House house) {
      JsonObject claims = foreign();
      claims.remove("tenant_id");
      return OTHER.sign("RS256", claims);
    }
  },
  FOREIGN_AND_REVOKED("TOKEN_REVOKED") {
    @Override
    String make(House house) {
      return OTHER.sign("RS256", foreign().put("user_id", "gone"));
    }
  },
  FOREIGN_OF_AN_API_KEY("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return OTHER.sign("RS256", foreign().put("user_id", "key-1"));
    }
  },
  KEY_THAT_NOBODY_MADE("TOKEN_INVALID") {
    @Override
    String make(House house) {
      return "flk_" + "0".repeat(32) + "A".repeat(43);
    }
  };

  /// Whose tokens are taken beside the fleet's own.
  static final Issuer OTHER = new Issuer();

  static final String ISSUER = "the-fleet";
  static final String AUDIENCE = "its-users";

  final String reason;

  BadToken(String reason) {
    this.reason = reason;
  }

  abstract String make(House house);

  static String good(House house, JsonObject claims) {
    return signed(head("HS256"), claims, secret(house), "HmacSHA256");
  }

  static JsonObject claims() {
    return new JsonObject()
        .put("tenant_id", "refusing")
        .put("user_id", "alice")
        .put("roles", new JsonArray().add("operator"))
        .put("iss", ISSUER)
        .put("aud", new JsonArray().add(AUDIENCE))
        .put("iat", now() - 60)
        .put("exp", now() + 600);
  }

  static JsonObject foreign() {
    return Issuer.claims("refusing", "alice", "operator");
  }

  private static JsonObject without(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    return claims;
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  private static JsonObject head(String algorithm) {
    return new JsonObject().put("alg", algorithm).put("typ", "JWT");
  }

  private static String secret(House house) {
    return house.config.identity().secret().reveal();
  }

  private static String encode(JsonObject part) {
    return encode(part.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String signed(JsonObject head, JsonObject claims, String secret, String mac) {
    String text = encode(head) + "." + encode(claims);
    try {
      Mac signer = Mac.getInstance(mac);
      signer.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac));
      return text + "." + encode(signer.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException bug) {
      throw new IllegalStateException(bug);
    }
  }
}
