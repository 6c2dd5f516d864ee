package dev.flotilla.registry.link.openclaw;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.registry.testkit.LabGateway;
import dev.flotilla.registry.testkit.MockModel;
import dev.flotilla.registry.testkit.OpenClawLab;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// One real gateway for the whole class; its first run is slow, so it is made before the tests.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveOpenClawContractIT implements InstanceContract, PeerContract {
  private final OpenClawLab lab = OpenClawLab.open();
  private final MockModel model = MockModel.start();
  private final LabGateway gateway = lab.gateway("contract", model);

  @BeforeAll
  void warmUp() {
    RunOrder order = LinkBench.order("warm up " + UUID.randomUUID());
    try (LinkBench bench = LinkBench.to(gateway.url(), gateway.token())) {
      bench.awaitState(InstanceState.READY);
      bench.ensure(order);
      bench.awaitEnd(order);
    }
  }

  @AfterAll
  void close() {
    gateway.close();
    model.close();
  }

  @Override
  public ContractSubject subject() {
    return new ContractSubject() {
      @Override
      public int port() {
        return gateway.port();
      }

      @Override
      public String token() {
        return gateway.token();
      }

      @Override
      public void kill() {
        gateway.kill();
      }

      @Override
      public void restart() {
        gateway.start();
      }

      @Override
      public int executions(String prompt) {
        return model.executions(prompt);
      }

      @Override
      public int resumptions(String prompt) {
        return model.resumptions(prompt);
      }
    };
  }
}
