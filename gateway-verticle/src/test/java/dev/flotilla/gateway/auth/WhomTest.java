package dev.flotilla.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.config.Oidc;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhomTest {
  private static final JsonObject ALICE =
      new JsonObject()
          .put("sub", "u-1")
          .put("email", "alice@example.com")
          .put("groups", new JsonArray().add("ops").add("a=b").add("unknown"));

  private static Oidc config(String userClaim) {
    return new Oidc(
        "https://id.example.com",
        "flotilla",
        null,
        "https://fleet.example.com/api/v1/auth/oidc/callback",
        List.of("openid"),
        "acme",
        null,
        userClaim,
        "groups",
        List.of("ops=operator", "a=b=admin"));
  }

  @Test
  void claimsBecomeTenantUserAndRoles() {
    Whom alice = Whom.of(ALICE, config("sub"));
    assertThat(alice.tenant().value()).isEqualTo("acme");
    assertThat(alice.user().value()).isEqualTo("u-1");
    assertThat(alice.roles()).containsExactlyInAnyOrder(Role.OPERATOR, Role.ADMIN);
  }

  @Test
  void anEmailCountsOnlyWhereItWasVerified() {
    assertThatThrownBy(() -> Whom.of(ALICE, config("email"))).isInstanceOf(FaultException.class);
    JsonObject claimed = ALICE.copy().put("email_verified", "true");
    assertThatThrownBy(() -> Whom.of(claimed, config("email"))).isInstanceOf(FaultException.class);
    JsonObject verified = ALICE.copy().put("email_verified", true);
    assertThat(Whom.of(verified, config("email")).user().value()).isEqualTo("alice@example.com");
  }
}
