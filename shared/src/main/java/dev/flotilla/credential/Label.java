package dev.flotilla.credential;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.nio.charset.StandardCharsets;

/// What a sealed credential is and whose. It is bound to the seal: one that is copied into the row
/// of another instance, or another tenant, does not open there.
public record Label(Kind kind, TenantId tenant, InstanceId instance) {
  /// What credentials there are.
  public enum Kind {
    /// What the instance asks for.
    TOKEN,
    /// The private key by which an instance knows the fleet.
    DEVICE_KEY
  }

  public static Label token(TenantId tenant, InstanceId instance) {
    return new Label(Kind.TOKEN, tenant, instance);
  }

  public static Label deviceKey(TenantId tenant, InstanceId instance) {
    return new Label(Kind.DEVICE_KEY, tenant, instance);
  }

  /// Ids have no slash in them.
  byte[] bytes() {
    String text = "flotilla/1/" + kind + "/" + tenant.value() + "/" + instance.value();
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
