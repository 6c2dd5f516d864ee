package dev.flotilla.command.instance.declared;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One difference between the file and the table. Its line is for people; it never tells a token.
sealed interface Step {
  record Add(Declared wanted) implements Step {}

  /// @param changes such as `maxConcurrency 4 -> 8`
  /// @param newToken true where the credential is another one, or cannot be read
  record Change(Declared wanted, List<String> changes, boolean newToken) implements Step {}

  record Remove(InstanceId id, TenantId tenant) implements Step {}

  /// In the table, but no longer in the file, which does not prune.
  record Leave(InstanceId id) implements Step {}

  /// What the file wants of it is done later, when that is safe.
  record Wait(InstanceId id, String why) implements Step {}

  /// What the file wants cannot be done.
  record Refuse(InstanceId id, String why) implements Step {}

  default @Nullable String line() {
    return switch (this) {
      case Add(Declared wanted) ->
          "+ %s  %s (tenant %s%s)"
              .formatted(
                  wanted.id(), wanted.url(), wanted.tenant(), wanted.shared() ? ", shared" : "");
      case Change change ->
          "~ " + change.wanted().id() + "  " + String.join(", ", change.changes());
      case Remove remove -> "- " + remove.id();
      case Leave leave -> "  " + leave.id() + "  no longer declared, stays (prune is not set)";
      case Wait(InstanceId id, String why) -> "? " + id + "  waits: " + why;
      case Refuse(InstanceId id, String why) -> "! " + id + "  " + why;
    };
  }
}
