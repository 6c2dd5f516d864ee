package dev.flotilla.registry.instance;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.link.Endpoint;
import java.net.URI;
import java.util.Set;

/// A registered instance: what operators want.
///
/// @param tenant who registered it, and whose log tells of it
/// @param shared true where every tenant may use it
public record Instance(
    InstanceId id,
    TenantId tenant,
    boolean shared,
    URI url,
    Credentials credentials,
    Set<String> capabilities,
    int maxConcurrency,
    Desired desired) {

  public Instance {
    capabilities = Set.copyOf(capabilities);
  }

  /// An instance of which nothing special is wanted.
  public Instance(
      InstanceId id,
      TenantId tenant,
      boolean shared,
      URI url,
      Credentials credentials,
      Set<String> capabilities,
      int maxConcurrency) {
    this(id, tenant, shared, url, credentials, capabilities, maxConcurrency, Desired.PLAIN);
  }

  /// Those that stand in for each other: the shared ones, or those of one tenant.
  public boolean samePool(Instance other) {
    return shared ? other.shared : !other.shared && tenant.equals(other.tenant);
  }

  public boolean serves(TenantId asking) {
    return shared || tenant.equals(asking);
  }

  public Endpoint endpoint() {
    return new Endpoint(id, url, credentials.token(), credentials.deviceKey());
  }

  /// True where a link to the other one is also a link to this one.
  public boolean sameEndpoint(Instance other) {
    return url.equals(other.url) && credentials.same(other.credentials);
  }
}
