package dev.flotilla.fleet.doctor;

import java.util.List;

/// Looks at one thing. What fails while it looks is told as not known.
public interface Check {
  String name();

  List<Finding> examine(Patient patient) throws Exception;
}
