package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import java.util.ArrayList;
import java.util.List;

/// How many files, and so sockets, a node may open.
public record FilesCheck() implements Check {
  private static final String NAME = "files";
  private static final long FEW = 4_096;
  private static final long ENOUGH = 16_384;
  private static final double FULL = 0.8;
  private static final String REMEDY =
      "raise it for the process: LimitNOFILE=1048576 in the systemd unit, `ulimit -n` in a shell";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    List<Finding> findings = new ArrayList<>();
    long least = Long.MAX_VALUE;
    for (NodeState node : patient.survey().answered()) {
      Long most = node.maxFiles();
      Long open = node.openFiles();
      if (most == null || open == null) {
        continue;
      }
      least = Math.min(least, most);
      if (open > FULL * most) {
        findings.add(
            Finding.error(
                NAME,
                "node " + node.id() + " has " + open + " of " + most + " files open",
                "each socket is a file: soon nobody can connect.",
                REMEDY));
      } else if (most < ENOUGH) {
        findings.add(few(node, most));
      }
    }
    if (!findings.isEmpty()) {
      return findings;
    }
    return least == Long.MAX_VALUE
        ? List.of(Finding.unknown(NAME, "no node says how many files it may open"))
        : List.of(Finding.sound(NAME, "each node may open at least " + least + " files"));
  }

  private static Finding few(NodeState node, long most) {
    String what = "node " + node.id() + " may open " + most + " files only";
    String why = "each socket is a file: with " + most + " sessions the node is full.";
    return most < FEW
        ? Finding.error(NAME, what, why, REMEDY)
        : Finding.warning(NAME, what, why, REMEDY);
  }
}
