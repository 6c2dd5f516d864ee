package dev.flotilla.fleet;

import dev.flotilla.config.FleetConfig;
import io.vertx.core.transport.Transport;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of the machine's ways to serve sockets a node takes.
public final class Transports {
  private static final Logger LOG = LoggerFactory.getLogger(Transports.class);

  private Transports() {}

  /// The wanted one, or the next best where the machine does not have it.
  public static Transport of(FleetConfig.Transport wanted) {
    List<@Nullable Transport> candidates =
        switch (wanted) {
          case AUTO, IO_URING -> Arrays.asList(Transport.IO_URING, Transport.EPOLL);
          case EPOLL -> Arrays.asList(Transport.EPOLL);
          case NIO -> List.of();
        };
    for (Transport candidate : candidates) {
      if (candidate != null && candidate.available()) {
        return candidate;
      }
    }
    if (wanted == FleetConfig.Transport.IO_URING || wanted == FleetConfig.Transport.EPOLL) {
      LOG.warn("the machine has no {}: sockets are served by nio", wanted);
    }
    return Transport.NIO;
  }
}
