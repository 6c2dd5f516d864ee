package dev.flotilla.telemetry;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.flotilla.identity.NodeId;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node says of itself when another one asks: enough to find out, from any node, what is
/// wrong with each.
///
/// @param now by its own clock, when it answered
/// @param openFiles null where the machine does not say
/// @param members the live nodes, as it sees them
/// @param bus its own checks of the bus, one for each peer
public record Checkup(
    NodeId node,
    String version,
    String java,
    Instant now,
    Instant startedAt,
    @Nullable Long openFiles,
    @Nullable Long maxFiles,
    List<NodeId> members,
    List<Trip> bus) {
  public Checkup {
    members = List.copyOf(members);
    bus = List.copyOf(bus);
  }

  /// What became of the last messages to a peer.
  ///
  /// @param lastMs of the last one that came back
  /// @param missed how many in a row were not answered
  public record Trip(NodeId peer, @Nullable Double lastMs, int missed) {}

  /// Of the process that calls.
  public static Checkup here(NodeId node, Instant now, List<NodeId> members, List<Trip> bus) {
    UnixOperatingSystemMXBean files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix
            : null;
    return new Checkup(
        node,
        Version.CURRENT,
        Runtime.version().toString(),
        now,
        Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
        files == null ? null : files.getOpenFileDescriptorCount(),
        files == null ? null : files.getMaxFileDescriptorCount(),
        members,
        bus);
  }
}
