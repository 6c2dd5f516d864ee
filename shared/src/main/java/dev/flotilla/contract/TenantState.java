package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Whether a tenant is let in.
public enum TenantState {
  ACTIVE,
  SUSPENDED,
  /// What it owns goes, a little at a time.
  DELETING;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static TenantState named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
