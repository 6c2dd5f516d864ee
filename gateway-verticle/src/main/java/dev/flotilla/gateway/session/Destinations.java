package dev.flotilla.gateway.session;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Where sessions go that are sent elsewhere. All loops of a node take from the same one, so that
/// what was spread evenly stays even.
public final class Destinations {
  /// @param node null where any will do
  public record Destination(@Nullable URI node) {}

  private static final Destination ANYWHERE = new Destination(null);

  private final List<Destination> places;
  private final boolean forAll;
  private final AtomicInteger taken = new AtomicInteger();

  private Destinations(List<URI> places, boolean forAll) {
    this.places = places.stream().map(Destination::new).toList();
    this.forAll = forAll;
  }

  /// A place for each session, however many there are.
  ///
  /// @param places in this order, again and again; without any, sessions go where they like
  public static Destinations forAll(List<URI> places) {
    return new Destinations(places, true);
  }

  /// So many places and no more.
  public static Destinations exactly(List<URI> places) {
    return new Destinations(places, false);
  }

  /// Empty when all places are taken.
  Optional<Destination> next() {
    int number = taken.getAndUpdate(count -> forAll || count < places.size() ? count + 1 : count);
    if (forAll) {
      return Optional.of(
          places.isEmpty() ? ANYWHERE : places.get(Math.floorMod(number, places.size())));
    }
    return number < places.size() ? Optional.of(places.get(number)) : Optional.empty();
  }
}
