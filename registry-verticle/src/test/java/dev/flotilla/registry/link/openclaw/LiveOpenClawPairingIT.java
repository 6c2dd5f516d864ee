package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.credential.DeviceKeys;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.registry.testkit.LabGateway;
import dev.flotilla.registry.testkit.MockModel;
import dev.flotilla.registry.testkit.OpenClawLab;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// A real gateway that sees the fleet come from another address than its own loopback.
class LiveOpenClawPairingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Optional<String> address() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(address -> address.getHostAddress())
        .findFirst();
  }

  @Test
  void theCommandThatTheLinkNamesLetsTheFleetIn() throws SocketException {
    Optional<String> address = address();
    Assumptions.assumeTrue(address.isPresent(), "this machine has no address but loopback");
    OpenClawLab lab = OpenClawLab.open();
    Secret device = DeviceKeys.generate();
    try (MockModel model = MockModel.start();
        LabGateway gateway = lab.remoteGateway("pairing", model);
        LinkBench bench =
            LinkBench.to(
                URI.create("ws://" + address.get() + ":" + gateway.port()),
                gateway.token(),
                device)) {
      await()
          .atMost(PATIENCE)
          .until(() -> bench.observation().link().status() == LinkStatus.PAIRING_REQUIRED);
      LinkView asked = bench.observation().link();
      List<String> words = List.of(String.valueOf(asked.action()).split(" ", -1));
      assertThat(words).startsWith("openclaw", "devices", "approve").hasSize(4);
      String printed = gateway.openclaw(words.subList(1, words.size()));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(bench.observation().state())
                      .as("%s; %s", printed, bench.observation())
                      .isEqualTo(InstanceState.READY));
      RunOrder order = LinkBench.order("paired " + UUID.randomUUID());
      bench.ensure(order);
      assertThat(bench.awaitEnd(order)).isInstanceOf(RunState.Succeeded.class);
    }
  }
}
