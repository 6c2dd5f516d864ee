package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// All checks, in the order in which they are told: one row for each, with the name that its
/// findings bear.
public final class Checks {
  private Checks() {}

  public static SequencedMap<String, Check> all() {
    SequencedMap<String, Check> all = new LinkedHashMap<>();
    all.put("configuration", new ConfigurationCheck());
    all.put("settings", new SettingsCheck());
    all.put("certificates", new CertificatesCheck());
    all.put("postgres", new PostgresCheck());
    all.put("redis", new RedisCheck());
    all.put("ports", new PortsCheck());
    all.put("network", new NetworkCheck());
    all.put("java", new JavaCheck());
    all.put("files", new FilesCheck());
    all.put("membership", new MembershipCheck());
    all.put("bus", new BusTripsCheck());
    all.put("clocks", new ClocksCheck());
    all.put("dialects", new DialectsCheck());
    all.put("instances", new InstancesCheck());
    all.put("instance certificates", new InstanceCertificatesCheck());
    all.put("queue", new QueueCheck());
    return all;
  }
}
