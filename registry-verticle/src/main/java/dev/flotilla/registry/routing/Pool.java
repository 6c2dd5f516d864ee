package dev.flotilla.registry.routing;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The instances that could serve one tenant, as they are at this moment.
public record Pool(List<Place> places) {
  public Pool {
    places = List.copyOf(places);
  }

  /// @param all every instance of the fleet
  public static Pool of(TenantId tenant, Collection<Place> all) {
    return new Pool(all.stream().filter(place -> place.instance().serves(tenant)).toList());
  }

  @Nullable Place find(InstanceId id) {
    for (Place place : places) {
      if (place.id().equals(id)) {
        return place;
      }
    }
    return null;
  }
}
