package dev.flotilla.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.account.Revocation;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RevocationBookTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final TenantId ACME = new TenantId("acme");

  private final RevocationBook book = new RevocationBook();

  @Test
  void anOlderReadingThatComesLastTakesNothingBack() {
    var before = entry(1, Revocation.Of.USER, "alice", NOW.minusSeconds(60), null);
    var disabled = entry(3, Revocation.Of.USER, "alice", Revocation.FOR_GOOD, null);
    var other = entry(2, Revocation.Of.USER, "bob", NOW, null);
    assertThat(book.learn(List.of(other, disabled), NOW)).hasSize(2);
    assertThat(book.learn(List.of(before, other), NOW)).isEmpty();
    assertThat(book.version()).isEqualTo(3);
    assertThat(reason(principal("acme", "alice", NOW.plusSeconds(1))))
        .isEqualTo(Reason.TOKEN_REVOKED);
  }

  @Test
  void aSuspendedTenantIsRefusedAsAWholeUntilItIsResumed() {
    Principal alice = principal("acme", "alice", NOW);
    book.learn(List.of(entry(1, Revocation.Of.TENANT, "acme", Revocation.FOR_GOOD, null)), NOW);
    assertThat(reason(alice)).isEqualTo(Reason.TENANT_SUSPENDED);
    assertThat(reason(principal("globex", "alice", NOW))).isNull();
    book.learn(
        List.of(entry(2, Revocation.Of.TENANT, "acme", Revocation.NEVER, NOW.plusSeconds(1))), NOW);
    assertThat(reason(alice)).isNull();
  }

  @Test
  void whatWasThereBeforeATenantWasMadeAnewIsRevoked() {
    book.learn(List.of(entry(1, Revocation.Of.TENANT, "acme", NOW, null)), NOW);
    assertThat(reason(principal("acme", "alice", NOW))).isEqualTo(Reason.TOKEN_REVOKED);
    assertThat(reason(principal("acme", "alice", NOW.plusMillis(1)))).isNull();
  }

  private @Nullable Reason reason(Principal principal) {
    Fault fault = book.refusal(principal);
    return fault == null ? null : fault.reason();
  }

  private static RevocationBook.Entry entry(
      long version, Revocation.Of kind, String subject, Instant at, @Nullable Instant until) {
    return new RevocationBook.Entry(version, new Revocation(kind, ACME, subject, at, until));
  }

  private static Principal principal(String tenant, String user, Instant issuedAt) {
    return new Principal(
        new TenantId(tenant),
        new UserId(user),
        Set.of(),
        Set.of(),
        NOW.plusSeconds(600),
        new Proof(Proof.Kind.TOKEN, null, issuedAt));
  }
}
