package dev.flotilla.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VaultTest {
  private static final Secret OLD = new Secret("a".repeat(64));
  private static final Secret NEW = new Secret("b".repeat(64));
  private static final TenantId ACME = new TenantId("acme");
  private static final Label LABEL = Label.token(ACME, new InstanceId("i-1"));
  private static final Secret TOKEN = new Secret("grüße, 🤖");

  private static Vault vault(Secret key, Secret... retired) {
    return new Vault(new FleetConfig.Credentials(key, Arrays.asList(retired)));
  }

  @Test
  void whatWasSealedOpensAndShowsNothingMeanwhile() {
    String sealed = vault(OLD).seal(TOKEN, LABEL);
    assertThat(sealed).matches("1\\.[0-9a-f]{8}\\.[A-Za-z0-9_-]+").doesNotContain("gr");
    assertThat(vault(OLD).open(sealed, LABEL).reveal()).isEqualTo(TOKEN.reveal());
    assertThat(vault(OLD).seal(TOKEN, LABEL)).isNotEqualTo(sealed);
  }

  @Test
  void aWrongKeyIsNamedAndARetiredOneStillOpens() {
    String sealed = vault(OLD).seal(TOKEN, LABEL);
    String keyId = List.of(sealed.split("\\.", -1)).get(1);
    assertThatThrownBy(() -> vault(NEW).open(sealed, LABEL))
        .hasMessageContaining("CREDENTIAL_KEY")
        .hasMessageContaining("i-1")
        .hasMessageContaining(keyId);
    Vault both = vault(NEW, OLD);
    assertThat(both.open(sealed, LABEL).reveal()).isEqualTo(TOKEN.reveal());
    assertThat(both.isCurrent(sealed)).isFalse();
    assertThat(both.isCurrent(both.seal(TOKEN, LABEL))).isTrue();
  }

  @Test
  void aSealOpensOnlyWhereItBelongs() {
    String sealed = vault(OLD).seal(TOKEN, LABEL);
    for (Label other :
        List.of(
            Label.token(ACME, new InstanceId("i-2")),
            Label.token(new TenantId("globex"), new InstanceId("i-1")),
            Label.deviceKey(ACME, new InstanceId("i-1")))) {
      assertThatThrownBy(() -> vault(OLD).open(sealed, other)).hasMessageContaining("another");
    }
  }

  @Test
  void everyChangeOfASealIsNoticed() {
    String sealed = vault(OLD).seal(TOKEN, LABEL);
    int body = sealed.lastIndexOf('.') + 1;
    for (int i = body; i < sealed.length() - 1; i++) {
      char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
      String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);
      assertThatThrownBy(() -> vault(OLD).open(changed, LABEL)).hasMessageContaining("changed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "1..", "plain", "2.aaaaaaaa.AAAA", "1.x.%%%", "1.x.y.z"})
  void whatIsNoSealIsRefused(String text) {
    assertThatThrownBy(() -> vault(OLD).open(text, LABEL)).hasMessageContaining("CREDENTIAL_KEY");
  }

  @Test
  void withoutAKeyNothingIsSealed() {
    Vault vault = new Vault(new FleetConfig.Credentials(null, List.of(OLD)));
    assertThat(vault.canSeal()).isFalse();
    assertThatThrownBy(() -> vault.seal(TOKEN, LABEL)).hasMessageContaining("credentials.key");
    assertThat(vault.open(vault(OLD).seal(TOKEN, LABEL), LABEL).reveal()).isEqualTo(TOKEN.reveal());
  }
}
