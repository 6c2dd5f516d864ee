package dev.flotilla.registry.link.openclaw;

import dev.flotilla.registry.drill.FakeInstance;
import org.junit.jupiter.api.AfterEach;

class FakeInstanceContractIT implements InstanceContract, PeerContract {
  private final FakeInstance instance = FakeInstance.start("a-token");

  @AfterEach
  void close() {
    instance.close();
  }

  @Override
  public ContractSubject subject() {
    return new ContractSubject() {
      @Override
      public int port() {
        return instance.port();
      }

      @Override
      public String token() {
        return instance.token();
      }

      @Override
      public void kill() {
        instance.kill();
      }

      @Override
      public void restart() {
        instance.boot();
      }

      @Override
      public int executions(String prompt) {
        return instance.executions(prompt);
      }

      @Override
      public int resumptions(String prompt) {
        return instance.resumptions(prompt);
      }
    };
  }
}
