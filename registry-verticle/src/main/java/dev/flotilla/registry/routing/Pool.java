package dev.flotilla.registry.routing;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The instances that could serve one tenant, as they are at this moment.
///
/// @param ejected how many of them are ejected
public record Pool(List<Place> places, int ejected) {
  public Pool {
    places = List.copyOf(places);
  }

  /// @param all every instance of the fleet
  public static Pool of(TenantId tenant, Collection<Place> all) {
    List<Place> usable = all.stream().filter(place -> place.instance().serves(tenant)).toList();
    int ejected =
        (int) usable.stream().filter(place -> place.state() == InstanceState.EJECTED).count();
    return new Pool(usable, ejected);
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
