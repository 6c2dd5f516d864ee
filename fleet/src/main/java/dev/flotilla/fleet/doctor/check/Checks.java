package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.doctor.Check;
import java.util.List;

/// All checks: one row for each.
public final class Checks {
  private Checks() {}

  public static List<Check> all() {
    return List.of(
        new ConfigurationCheck(),
        new SettingsCheck(),
        new CertificatesCheck(),
        new PostgresCheck(),
        new RedisCheck(),
        new PortsCheck(),
        new NetworkCheck(),
        new JavaCheck(),
        new FilesCheck(),
        new MembershipCheck(),
        new BusTripsCheck(),
        new ClocksCheck(),
        new DialectsCheck(),
        new InstancesCheck(),
        new InstanceCertificatesCheck(),
        new QueueCheck());
  }
}
