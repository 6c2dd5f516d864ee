package dev.flotilla.presence;

import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;

/// A user of a tenant.
public record Who(TenantId tenant, UserId user) {
  private static final char SEPARATOR = '|';

  /// Ids have no such character, so the two cannot run into each other.
  String key() {
    return tenant.value() + SEPARATOR + user.value();
  }

  static Who of(String key) {
    int cut = key.indexOf(SEPARATOR);
    return new Who(new TenantId(key.substring(0, cut)), new UserId(key.substring(cut + 1)));
  }
}
