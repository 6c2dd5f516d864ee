package dev.flotilla.telemetry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What goes wrong in round after round of the same work: worth a line when it begins and when its
/// reason is another, not in every round. Confined to whoever does the work.
///
/// @param <K> what each complaint is about
public final class Complaints<K> {
  private final Map<K, String> told = new HashMap<>();
  private final Set<K> heard = new HashSet<>();

  /// @return whether it has not been told yet
  public boolean isNew(K about, Throwable failure) {
    heard.add(about);
    String reason = failure.toString();
    return !reason.equals(told.put(about, reason));
  }

  /// Forgets what was not heard of since the last end of a round: should it come back, it is new.
  public void endOfRound() {
    told.keySet().retainAll(heard);
    heard.clear();
  }
}
