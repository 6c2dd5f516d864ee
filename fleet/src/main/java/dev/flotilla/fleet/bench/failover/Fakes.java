package dev.flotilla.fleet.bench.failover;

import dev.flotilla.registry.drill.FakeInstance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The instances, in this process, and when each was lost.
final class Fakes implements AutoCloseable {
  static final List<String> REGIONS = List.of("eu", "us", "ap");

  /// A time in which an instance was not there.
  ///
  /// @param until null where it has not come back
  record Outage(Instant from, @Nullable Instant until) {
    boolean covers(Instant time) {
      return !time.isBefore(from) && (until == null || time.isBefore(until));
    }
  }

  private final Map<String, FakeInstance> all = new LinkedHashMap<>();
  private final Map<String, List<Outage>> outages = new LinkedHashMap<>();

  Fakes(int count) {
    for (int i = 0; i < count; i++) {
      String id = REGIONS.get(i % REGIONS.size()) + "-" + i / REGIONS.size();
      all.put(id, FakeInstance.start("token-" + id));
      outages.put(id, new ArrayList<>());
    }
  }

  Map<String, FakeInstance> all() {
    return all;
  }

  static String region(String id) {
    return id.substring(0, id.indexOf('-'));
  }

  List<String> in(String region) {
    return all.keySet().stream().filter(id -> region(id).equals(region)).toList();
  }

  /// Without a word, and for ever unless [#revive] is called.
  void kill(String id) {
    Instant now = Instant.now();
    instance(id).kill();
    outages(id).add(new Outage(now, null));
  }

  /// Its host is back: the same sessions, another boot id, runs resumed as OpenClaw does.
  void revive(String id) {
    List<Outage> known = outages(id);
    instance(id).boot();
    known.add(new Outage(known.removeLast().from(), Instant.now()));
  }

  boolean isUp(String id) {
    return outages(id).stream().allMatch(outage -> outage.until() != null);
  }

  /// When the instance was lost in this time; null where it was not.
  @Nullable Instant lost(String id, Instant from, Instant until) {
    return outages(id).stream()
        .map(Outage::from)
        .filter(at -> !at.isBefore(from) && at.isBefore(until))
        .findFirst()
        .orElse(null);
  }

  boolean isLostAt(String id, Instant time) {
    return outages(id).stream().anyMatch(outage -> outage.covers(time));
  }

  /// How often all instances together have begun a prompt.
  int executions(String prompt) {
    return all.values().stream().mapToInt(each -> each.executions(prompt)).sum();
  }

  private FakeInstance instance(String id) {
    FakeInstance found = all.get(id);
    if (found == null) {
      throw new IllegalArgumentException("there is no instance " + id);
    }
    return found;
  }

  private List<Outage> outages(String id) {
    return outages.getOrDefault(id, List.of());
  }

  @Override
  public void close() {
    all.values().forEach(FakeInstance::close);
  }
}
