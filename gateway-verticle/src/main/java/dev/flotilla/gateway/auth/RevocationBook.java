package dev.flotilla.gateway.auth;

import dev.flotilla.account.Revocation;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was revoked, up to a version. Written by one context and read by all.
final class RevocationBook {
  private record Subject(Revocation.Of kind, TenantId tenant, String id) {}

  /// A row of the table.
  record Entry(long version, Revocation revocation) {}

  private final Map<Subject, Revocation> known = new ConcurrentHashMap<>();
  private long version;

  /// Everything up to it is known.
  long version() {
    return version;
  }

  /// @param read what is newer than some version, in order
  /// @return what was not known
  List<Revocation> learn(List<Entry> read, Instant now) {
    List<Revocation> news = new ArrayList<>();
    for (Entry entry : read) {
      if (entry.version() <= version) {
        continue; // Of two readings at once, the older came last: what it says is known, or over.
      }
      Revocation revocation = entry.revocation();
      known.put(
          new Subject(revocation.kind(), revocation.tenant(), revocation.subject()), revocation);
      news.add(revocation);
      version = entry.version();
    }
    if (!news.isEmpty()) {
      known
          .values()
          .removeIf(revocation -> revocation.until() != null && revocation.until().isBefore(now));
    }
    return news;
  }

  /// @return null where the principal is still good
  @Nullable Fault refusal(Principal principal) {
    return subjects(principal)
        .map(known::get)
        .filter(revocation -> revocation != null && revocation.refuses(principal))
        .map(Revocation::fault)
        .findFirst()
        .orElse(null);
  }

  private static Stream<Subject> subjects(Principal principal) {
    TenantId tenant = principal.tenant();
    String proof = principal.proof().id();
    Subject all = new Subject(Revocation.Of.TENANT, tenant, tenant.value());
    Subject user = new Subject(Revocation.Of.USER, tenant, principal.user().value());
    return proof == null
        ? Stream.of(all, user)
        : Stream.of(
            all,
            user,
            new Subject(Revocation.Of.SESSION, tenant, proof),
            new Subject(Revocation.Of.KEY, tenant, proof));
  }
}
