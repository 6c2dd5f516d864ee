package dev.flotilla.credential;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.nio.charset.StandardCharsets;

/// What a sealed credential is and whose. It is bound to the seal: one that is copied into the row
/// of another instance, or another tenant, does not open there.
///
/// @param holder the id of the instance or webhook
public record Label(Kind kind, TenantId tenant, String holder) {
  /// What credentials there are.
  public enum Kind {
    /// What the instance asks for.
    TOKEN,
    /// The private key by which an instance knows the fleet.
    DEVICE_KEY,
    /// By which a webhook knows the fleet.
    WEBHOOK_SECRET
  }

  public static Label token(TenantId tenant, InstanceId instance) {
    return new Label(Kind.TOKEN, tenant, instance.value());
  }

  public static Label deviceKey(TenantId tenant, InstanceId instance) {
    return new Label(Kind.DEVICE_KEY, tenant, instance.value());
  }

  public static Label webhookSecret(TenantId tenant, String webhook) {
    return new Label(Kind.WEBHOOK_SECRET, tenant, webhook);
  }

  /// For operators.
  String words() {
    return switch (kind) {
      case TOKEN, DEVICE_KEY -> "The credential of instance " + holder;
      case WEBHOOK_SECRET -> "The secret of webhook " + holder;
    };
  }

  /// Ids have no slash in them.
  byte[] bytes() {
    String text = "flotilla/1/" + kind + "/" + tenant.value() + "/" + holder;
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
