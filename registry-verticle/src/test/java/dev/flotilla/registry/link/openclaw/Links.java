package dev.flotilla.registry.link.openclaw;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.registry.drill.FakeInstance;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// The links of one test to one instance, as its owners one after the other have them, or at once.
final class Links implements AutoCloseable {
  private final FakeInstance instance;
  private final List<LinkBench> open = new ArrayList<>();

  Links(FakeInstance instance) {
    this.instance = instance;
  }

  LinkBench to(URI url) {
    LinkBench bench = LinkBench.to(url, "a-token");
    open.add(bench);
    return bench;
  }

  LinkBench to(int port) {
    return to(ContractSubject.url(port));
  }

  LinkBench ready() {
    LinkBench bench = to(instance.port());
    bench.awaitState(InstanceState.READY);
    return bench;
  }

  @Override
  public void close() {
    open.forEach(LinkBench::close);
  }
}
