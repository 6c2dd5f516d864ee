package dev.flotilla.fleet.bench;

import java.util.List;

/// Something worth measuring. Runs off the event loop and may wait.
public interface Scenario {
  String name();

  List<Figure> run(Target target) throws Exception;
}
