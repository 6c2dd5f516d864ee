package dev.flotilla.gateway.presence;

import dev.flotilla.presence.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Who has a session on this node, and what of it the roster does not know yet.
///
/// A stay begins with the user's first session here and lasts until `linger` after the last one
/// ended. It is told once the roster has it. Between, while the answer is awaited, it is unsure: if
/// the answer never comes, [#compare] finds out what the roster did, and has it undone, because
/// nobody has told the tenant.
final class Stays {
  private final Map<Who, Stay> stays = new HashMap<>();
  private final Set<Who> coming = new LinkedHashSet<>();

  /// When their time is over, in the order in which that happens.
  private final Map<Who, Long> leaving = new LinkedHashMap<>();

  private final long linger;

  private static final class Stay {
    int sessions;
    boolean told;
    boolean unsure;
  }

  /// What the roster has to be told without telling the tenant.
  ///
  /// @param undo are to be taken out
  /// @param redo are to be put in
  record Repair(List<Who> undo, List<Who> redo) {}

  Stays(Duration linger) {
    this.linger = linger.toNanos();
  }

  int size() {
    return stays.size();
  }

  void arrive(Who who) {
    Stay stay = stays.computeIfAbsent(who, _ -> new Stay());
    if (stay.sessions++ == 0) {
      leaving.remove(who);
      if (!stay.told) {
        coming.add(who);
      }
    }
  }

  void leave(Who who, long now) {
    Stay stay = stays.get(who);
    if (stay != null && stay.sessions > 0 && --stay.sessions == 0) {
      leaving.put(who, now + linger);
    }
  }

  /// Users to put in. Ends with [#came], or with [#compare] where that fails.
  List<Who> takeComing(int limit) {
    List<Who> batch = new ArrayList<>();
    Iterator<Who> next = coming.iterator();
    while (batch.size() < limit && next.hasNext()) {
      Who who = next.next();
      next.remove();
      Stay stay = stays.get(who);
      if (stay != null && stay.sessions > 0) {
        stay.unsure = true;
        batch.add(who);
      }
    }
    return batch;
  }

  void came(List<Who> batch) {
    batch.forEach(who -> tell(who, true));
  }

  /// Users whose time is over, to take out. Ends with [#went], or with [#compare].
  List<Who> takeLeaving(int limit, long now) {
    List<Who> batch = new ArrayList<>();
    Iterator<Map.Entry<Who, Long>> next = leaving.entrySet().iterator();
    while (batch.size() < limit && next.hasNext()) {
      Map.Entry<Who, Long> entry = next.next();
      if (entry.getValue() - now > 0) {
        break;
      }
      next.remove();
      Stay stay = stays.get(entry.getKey());
      if (stay != null && stay.told) {
        stay.unsure = true;
        batch.add(entry.getKey());
      } else {
        stays.remove(entry.getKey());
      }
    }
    return batch;
  }

  /// Who came back meanwhile comes anew.
  void went(List<Who> batch) {
    batch.forEach(who -> tell(who, false));
  }

  private void tell(Who who, boolean told) {
    Stay stay = stays.get(who);
    if (stay == null) {
      return;
    }
    stay.told = told;
    stay.unsure = false;
    if (!told && stay.sessions > 0) {
      coming.add(who);
    } else if (!told) {
      stays.remove(who);
      leaving.remove(who);
    }
  }

  /// Compares with what the roster has of this node.
  ///
  /// @param swept true where others have taken this node's users out, and told so
  Repair compare(Set<Who> roster, boolean swept, long now) {
    List<Who> undo = new ArrayList<>();
    List<Who> redo = new ArrayList<>();
    roster.forEach(who -> found(who, undo, now));
    for (Who who : List.copyOf(stays.keySet())) {
      Stay stay = stays.get(who);
      if (stay == null) {
        continue;
      }
      if (stay.told && !roster.contains(who)) {
        if (swept) {
          tell(who, false);
        } else {
          redo.add(who);
        }
      }
      if (!stay.told && stay.sessions > 0) {
        coming.add(who);
      } else if (stay.told && stay.sessions == 0) {
        leaving.putIfAbsent(who, now);
      }
    }
    return new Repair(undo, redo);
  }

  /// The roster has a user of this node.
  private void found(Who who, List<Who> undo, long now) {
    Stay stay = stays.get(who);
    if (stay == null) {
      // From an earlier life of this node: perhaps they come back.
      Stay earlier = new Stay();
      earlier.told = true;
      stays.put(who, earlier);
      leaving.put(who, now + linger);
    } else if (!stay.told && stay.unsure) {
      undo.add(who);
    } else {
      stay.told = true;
      coming.remove(who);
    }
  }

  /// The roster was repaired.
  void repaired(List<Who> batch) {
    batch.forEach(
        who -> {
          Stay stay = stays.get(who);
          if (stay != null) {
            stay.unsure = false;
          }
        });
  }
}
