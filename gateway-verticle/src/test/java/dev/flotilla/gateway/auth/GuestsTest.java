package dev.flotilla.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.account.Revocation;
import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuestsTest {
  private static final String TOKEN = "a-static-token-of-guests";
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
  private static final TenantId TENANT = new TenantId("guests");

  private static Guests guests() throws ConfigException {
    FleetConfig config =
        ConfigLoader.load(
            null,
            Map.of(
                "FLOTILLA_IDENTITY_SECRET",
                "8b1c5d0f93ae27648b1c5d0f93ae2764e0",
                "FLOTILLA_GATEWAY_AUTH_TOKEN",
                TOKEN,
                "FLOTILLA_GATEWAY_GUEST_TENANT",
                TENANT.value()));
    return Guests.of(config.gateway(), Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Revocation allOf(TenantId tenant, Instant until) {
    return new Revocation(Revocation.Of.TENANT, tenant, tenant.value(), until, null);
  }

  @Test
  void onlyWhoHasTheTokenIsAGuest() throws ConfigException {
    assertThat(guests().admit(new Credential.Token(new Secret(TOKEN)))).isPresent();
    assertThat(guests().admit(new Credential.Token(new Secret(TOKEN + "s")))).isEmpty();
    assertThat(guests().admit(new Credential.None(true))).isEmpty();
  }

  @Test
  void theGuestsOfATenantThatWasMadeAnewAreLetIn() throws ConfigException {
    Principal guest = guests().admit(new Credential.Token(new Secret(TOKEN))).orElseThrow();
    assertThat(allOf(TENANT, NOW.minusSeconds(1)).refuses(guest)).isFalse();
    assertThat(allOf(TENANT, NOW.plusSeconds(1)).refuses(guest)).isTrue();
    assertThat(allOf(TENANT, Revocation.FOR_GOOD).refuses(guest)).isTrue();
  }
}
