package dev.flotilla.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SealTest {
  private final String ticket = Seal.newTicket();

  @Test
  void theTicketOpensWhatItClosed() {
    assertThat(Seal.open(ticket, Seal.close(ticket, "a.b.c"))).isEqualTo("a.b.c");
  }

  @Test
  void whatIsStoredShowsNeitherTheTokenNorTheTicket() {
    byte[] stored = Seal.close(ticket, "a.long.token");
    assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("long");
    assertThat(Seal.name(ticket)).doesNotContain(ticket).isNotEqualTo(Seal.name(Seal.newTicket()));
    assertThat(Seal.close(ticket, "a.long.token")).isNotEqualTo(stored);
  }

  @Test
  void anotherTicketOpensNothing() {
    byte[] stored = Seal.close(ticket, "a.b.c");
    assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(Seal.newTicket(), stored));
  }

  @Test
  void whatWasChangedInTheStoreIsNotOpened() {
    byte[] stored = Seal.close(ticket, "a.b.c");
    stored[stored.length - 1]++;
    assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(ticket, stored));
    assertThatIllegalArgumentException().isThrownBy(() -> Seal.open(ticket, new byte[3]));
  }

  @Test
  void ticketsAreLongAndFitIntoUrls() {
    assertThat(ticket).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(Seal.newTicket());
  }
}
